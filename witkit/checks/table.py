"""All rules, in the order of their codes: witkit's own, and those that other distributions add.

A rule of witkit is the constant `RULE` of the module of its name in `witkit.checks.rules`. Another distribution names
its own rules by entry points of the group `witkit.rules`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from witkit.checks.rule import Rule

NAMES: Final = (
    # directives: WIT10xx
    "unused-allow",
    # correctness: WIT11xx
    "comment-becomes-documentation",
    "stream-of-char",
    "borrow-in-stream",
    "impossible-length",
    "deep-type",
    "experimental-type",
    "alike-imports",
    "implicit-import",
    "oversized-type",
    "documentation-after-gate",
    "documentation-of-next-item",
    "documentation-of-nothing",
    "remark-becomes-documentation",
    # gates: WIT12xx
    "missing-gate",
    "ungated-member",
    "weaker-gate",
    "newer-reference",
    "impossible-deprecation",
    "backdated-gate",
    "changed-gate",
    "unprefixed-feature",
    "stale-marker",
    "use-of-deprecated",
    "deprecated-without-replacement",
    "unversioned-package",
    # documentation: WIT13xx
    "undocumented-function",
    "undocumented-interface",
    "undocumented-package",
    "undocumented-world",
    "undocumented-type",
    "undocumented-member",
    "unknown-reference",
    "dead-link",
    "undefined-link",
    "empty-documentation",
    "unclosed-code-block",
    "documentation-tag",
    "type-read-as-html",
    "placeholder-documentation",
    "task-in-documentation",
    "unfinished-summary",
    "cramped-documentation",
    "starred-documentation",
    "block-documentation",
    "trailing-space",
    "incomplete-readme",
    "repeated-documentation",
    # names: WIT14xx
    "alike-names",
    "inconsistent-getter",
    "inconsistent-case",
    "uppercase-name",
    "repeated-name",
    "colliding-functions",
    "generated-method-name",
    "needless-escape",
    "type-named-error",
    "interface-named-like-its-type",
    "keyword-name",
    # types: WIT15xx
    "variant-without-payload",
    "single-case",
    "result-without-error",
    "primitive-error",
    "bool-parameter",
    "many-parameters",
    "nested-option",
    "equal-result-types",
    "nearly-full-flags",
    "explicit-own",
    "borrow-in-type",
    "infallible-constructor",
    "tuple-result",
    "closed-error",
    "list-of-pairs",
    # uses: WIT16xx
    "unused-use",
    "redundant-alias",
    "duplicate-use",
    "unused-type",
    "unused-interface",
    "empty-interface",
    "dropped-external-id",
    "import-beside-label",
    "unused-dependency",
    "mixed-versions",
    "unlocked-dependency",
    "repeated-include",
    "redundant-import",
    # targets: WIT17xx
    "unsupported-type",
    "unsupported-name",
    "unsupported-item",
    "limited-by-target",
    # releases: WIT18xx
    "feature-not-in-release",
    "package-of-later-release",
)


@cache
def own_rules() -> tuple[Rule, ...]:
    """The rules of witkit itself."""
    return tuple(_own(name) for name in NAMES)


def _own(name: str) -> Rule:
    rule = import_module(f"witkit.checks.rules.{name.replace('-', '_')}").RULE
    assert isinstance(rule, Rule)
    return rule
