"""All rules, in the order of their codes: witkit's own, and those that other distributions add.

A rule of witkit is the constant `RULE` of the module of its name in `witkit.checks.rules`. The table has what must be
known to choose rules, so that a check imports only those that run. Another distribution names its own rules by entry
points of the group `witkit.rules`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from witkit.checks.rule import MINIMAL, OPT_IN, STANDARD, STRICT, WASI, Listed, Rule

LISTED: Final = (
    # directives: WIT10xx
    Listed("WIT1001", "unused-allow", "directives", MINIMAL),
    # correctness: WIT11xx
    Listed("WIT1101", "comment-becomes-documentation", "correctness", MINIMAL),
    Listed("WIT1110", "stream-of-char", "correctness", MINIMAL),
    Listed("WIT1111", "borrow-in-stream", "correctness", MINIMAL),
    Listed("WIT1112", "impossible-length", "correctness", MINIMAL),
    Listed("WIT1113", "deep-type", "correctness", MINIMAL),
    Listed("WIT1114", "experimental-type", "correctness", MINIMAL),
    Listed("WIT1115", "alike-imports", "correctness", MINIMAL),
    Listed("WIT1116", "implicit-import", "correctness", STANDARD),
    Listed("WIT1117", "oversized-type", "correctness", MINIMAL),
    Listed("WIT1130", "documentation-after-gate", "correctness", MINIMAL),
    Listed("WIT1131", "documentation-of-next-item", "correctness", MINIMAL),
    Listed("WIT1132", "documentation-of-nothing", "correctness", MINIMAL),
    Listed("WIT1133", "remark-becomes-documentation", "correctness", STRICT),
    # gates: WIT12xx
    Listed("WIT1201", "missing-gate", "gates", WASI),
    Listed("WIT1202", "ungated-member", "gates", WASI),
    Listed("WIT1203", "weaker-gate", "gates", STANDARD),
    Listed("WIT1204", "newer-reference", "gates", STANDARD),
    Listed("WIT1205", "impossible-deprecation", "gates", STANDARD),
    Listed("WIT1206", "backdated-gate", "gates", STANDARD, "against"),
    Listed("WIT1207", "changed-gate", "gates", STANDARD, "against"),
    Listed("WIT1208", "unprefixed-feature", "gates", WASI),
    Listed("WIT1209", "stale-marker", "gates", WASI),
    Listed("WIT1210", "use-of-deprecated", "gates", WASI),
    Listed("WIT1211", "deprecated-without-replacement", "gates", WASI),
    Listed("WIT1212", "unversioned-package", "gates", WASI),
    # documentation: WIT13xx
    Listed("WIT1301", "undocumented-function", "documentation", STANDARD),
    Listed("WIT1302", "undocumented-interface", "documentation", WASI),
    Listed("WIT1303", "undocumented-package", "documentation", STRICT),
    Listed("WIT1304", "undocumented-world", "documentation", WASI),
    Listed("WIT1305", "undocumented-type", "documentation", WASI),
    Listed("WIT1306", "undocumented-member", "documentation", STRICT),
    Listed("WIT1310", "unknown-reference", "documentation", WASI),
    Listed("WIT1311", "dead-link", "documentation", WASI),
    Listed("WIT1312", "undefined-link", "documentation", STANDARD),
    Listed("WIT1320", "empty-documentation", "documentation", STANDARD),
    Listed("WIT1321", "unclosed-code-block", "documentation", STANDARD),
    Listed("WIT1322", "documentation-tag", "documentation", STANDARD),
    Listed("WIT1323", "type-read-as-html", "documentation", STANDARD),
    Listed("WIT1324", "placeholder-documentation", "documentation", STANDARD),
    Listed("WIT1325", "task-in-documentation", "documentation", WASI),
    Listed("WIT1326", "unfinished-summary", "documentation", STRICT),
    Listed("WIT1327", "cramped-documentation", "documentation", STRICT),
    Listed("WIT1328", "starred-documentation", "documentation", STANDARD),
    Listed("WIT1329", "block-documentation", "documentation", STRICT),
    Listed("WIT1330", "trailing-space", "documentation", STRICT),
    Listed("WIT1331", "incomplete-readme", "documentation", WASI),
    Listed("WIT1332", "repeated-documentation", "documentation", STRICT),
    # names: WIT14xx
    Listed("WIT1401", "alike-names", "names", MINIMAL),
    Listed("WIT1410", "inconsistent-getter", "names", WASI),
    Listed("WIT1411", "inconsistent-case", "names", WASI),
    Listed("WIT1412", "uppercase-name", "names", STRICT),
    Listed("WIT1413", "repeated-name", "names", OPT_IN),
    Listed("WIT1414", "colliding-functions", "names", STANDARD),
    Listed("WIT1415", "generated-method-name", "names", STANDARD),
    Listed("WIT1416", "needless-escape", "names", STRICT),
    Listed("WIT1417", "type-named-error", "names", STRICT),
    Listed("WIT1418", "interface-named-like-its-type", "names", STRICT),
    Listed("WIT1419", "keyword-name", "names", STRICT),
    # types: WIT15xx
    Listed("WIT1501", "variant-without-payload", "types", STANDARD),
    Listed("WIT1502", "single-case", "types", STRICT),
    Listed("WIT1503", "result-without-error", "types", STRICT),
    Listed("WIT1504", "primitive-error", "types", STRICT),
    Listed("WIT1505", "bool-parameter", "types", STRICT),
    Listed("WIT1507", "many-parameters", "types", STRICT),
    Listed("WIT1508", "nested-option", "types", STRICT),
    Listed("WIT1509", "equal-result-types", "types", STRICT),
    Listed("WIT1510", "nearly-full-flags", "types", STRICT),
    Listed("WIT1520", "explicit-own", "types", STANDARD),
    Listed("WIT1521", "borrow-in-type", "types", STRICT),
    Listed("WIT1522", "infallible-constructor", "types", STRICT),
    Listed("WIT1523", "tuple-result", "types", STRICT),
    Listed("WIT1524", "closed-error", "types", STRICT),
    Listed("WIT1525", "list-of-pairs", "types", STRICT),
    # uses: WIT16xx
    Listed("WIT1601", "unused-use", "uses", STANDARD),
    Listed("WIT1610", "redundant-alias", "uses", STANDARD),
    Listed("WIT1611", "duplicate-use", "uses", STANDARD),
    Listed("WIT1612", "unused-type", "uses", STRICT),
    Listed("WIT1613", "unused-interface", "uses", STRICT),
    Listed("WIT1614", "empty-interface", "uses", STRICT),
    Listed("WIT1620", "dropped-external-id", "uses", MINIMAL),
    Listed("WIT1621", "import-beside-label", "uses", STANDARD),
    Listed("WIT1630", "unused-dependency", "uses", STRICT),
    Listed("WIT1631", "mixed-versions", "uses", STANDARD),
    Listed("WIT1632", "unlocked-dependency", "uses", STANDARD),
    Listed("WIT1650", "repeated-include", "uses", STANDARD),
    Listed("WIT1651", "redundant-import", "uses", STRICT),
    # targets: WIT17xx
    Listed("WIT1701", "unsupported-type", "targets", MINIMAL, "target"),
    Listed("WIT1702", "unsupported-name", "targets", MINIMAL, "target"),
    Listed("WIT1703", "unsupported-item", "targets", MINIMAL, "target"),
    Listed("WIT1704", "limited-by-target", "targets", MINIMAL, "target"),
    # releases: WIT18xx
    Listed("WIT1801", "feature-not-in-release", "releases", MINIMAL, "wasi"),
    Listed("WIT1802", "package-of-later-release", "releases", STANDARD, "wasi"),
)

NAMES: Final = tuple(listed.name for listed in LISTED)


def own_rules() -> tuple[Rule, ...]:
    """The rules of witkit itself, all of them imported."""
    return tuple(map(rule_of, LISTED))


@cache
def rule_of(listed: Listed) -> Rule:
    """The rule of a line of the table. A rule of another distribution is itself in such a list."""
    if isinstance(listed, Rule):
        return listed
    rule = import_module(f"witkit.checks.rules.{listed.name.replace('-', '_')}").RULE
    assert isinstance(rule, Rule)
    return rule
