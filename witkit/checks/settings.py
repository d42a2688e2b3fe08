"""Which rules run, and with which options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Final

from witkit.checks.rule import CATEGORIES, Listed, Needs, Option, Rule
from witkit.text.values import value

TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "componentize-py": ("0.25.1",),
    "jco": ("1.35.0",),
    "wasmtime-py": ("49.0.0", "50.0.1"),
}
"""What `target` can name, with the versions whose limits were measured, the newest last.

A name alone stands for the newest: `jco` is `jco@1.35.0`.
"""

RELEASES: Final = (*(f"0.2.{patch}" for patch in range(13)), "0.3.0", "0.3.1")
"""The releases of WASI that `wasi` can name."""

if TYPE_CHECKING:
    from witkit.ir import Loaded


@value(frozen=True, slots=True)
class RuleChoice:
    """Rules to add and rules to leave out, by their names, codes or categories.

    A rule that is named itself counts for more than its category; what is left out counts for more than what is added.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def apply(self, chosen: Iterable[Listed], rules: Sequence[Listed]) -> list[Listed]:
        """The rules that are chosen once this choice is made, in the order of the table."""
        names = {rule.name for rule in chosen}
        names |= {rule.name for rule in rules if rule.category in self.select}
        names -= {rule.name for rule in rules if rule.category in self.ignore}
        names |= {rule.name for rule in rules if _is_named(rule, self.select)}
        names -= {rule.name for rule in rules if _is_named(rule, self.ignore)}
        return [rule for rule in rules if rule.name in names]


@value(frozen=True, slots=True)
class PerPath:
    """A choice for the files whose whole path `pattern` matches."""

    pattern: re.Pattern[str]
    choice: RuleChoice


@value(frozen=True, slots=True)
class Settings:
    """How a package is checked.

    `preset` and `choices`, each after the one before, say which rules run; `per_path` changes that for single files.
    `options` are the options of rules, by the names of both, and `added` are the rules of other distributions.
    `target` is a tool or language that must be able to carry the package, such as `componentize-py@0.25.1`; `wasi` is a
    release of WASI, and `against` the package as it was.
    """

    preset: str = "standard"
    choices: tuple[RuleChoice, ...] = ()
    per_path: tuple[PerPath, ...] = ()
    options: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    target: str | None = None
    wasi: str | None = None
    against: Loaded | None = None
    added: tuple[Rule, ...] = ()

    def chosen(self, rules: Sequence[Listed], path: str) -> list[Listed]:
        """Those of the rules that run on a file; `path` is absolute, with slashes."""
        found = self._chosen(rules, [each.choice for each in self.per_path if each.pattern.fullmatch(path)])
        return [rule for rule in found if not rule.needs or getattr(self, rule.needs) is not None]

    def has_use_for(self, setting: Needs, rules: Sequence[Listed]) -> bool:
        """Whether a rule that needs a setting is chosen, for some files at least."""
        return any(rule.needs == setting for rule in self.chosen_anywhere(rules))

    def chosen_anywhere(self, rules: Sequence[Listed]) -> Iterator[Listed]:
        """Those of the rules that run on some files at least, if these have what the rules need."""
        for choices in ([], *([each.choice] for each in self.per_path)):
            yield from self._chosen(rules, choices)

    def _chosen(self, rules: Sequence[Listed], more: Iterable[RuleChoice]) -> list[Listed]:
        found = [rule for rule in rules if self.preset in rule.presets]
        for choice in (*self.choices, *more):
            found = choice.apply(found, rules)
        return found


def target_version(text: str) -> tuple[str, str] | None:
    """The name and the version of a target; None if there is no such target, or nobody measured that version."""
    name, at, version = text.partition("@")
    versions = TARGETS.get(name, ())
    if not versions or (at and version not in versions):
        return None
    return name, version or versions[-1]


def known_targets() -> str:
    """All targets with their versions, for messages."""
    return ", ".join(f"{name}@{version}" for name, versions in TARGETS.items() for version in versions)


def is_known(name: str, rules: Iterable[Listed]) -> bool:
    """Whether a name stands for a category or for one of the rules."""
    return name in CATEGORIES or any(_is_named(rule, (name,)) for rule in rules)


def _is_named(rule: Listed, names: Sequence[str]) -> bool:
    return rule.name in names or rule.code in names
