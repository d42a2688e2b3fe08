"""Rules of other distributions: entry points of the group `witkit.rules`, which a project names in its settings.

Looking for entry points costs more than checking a package, so only a project that names some pays for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from witkit.checks.rule import CATEGORIES, Finding, Listed, Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from witkit.checks.context import Context

ENTRY_POINTS: Final = "witkit.rules"


@dataclass(frozen=True, slots=True)
class RulePlugin:
    """What an entry point gives: rules, or the reason why there are none."""

    rules: tuple[Rule, ...] = ()
    problem: str = ""
    origin: str = ""


def load_plugin(name: str, taken: Sequence[Listed]) -> RulePlugin:
    """The rules of the entry point with this name: it loads a `Rule` or several.

    `taken` are the rules that there are already. What a rule raises while it runs becomes a finding of that rule.
    """
    from importlib.metadata import entry_points

    points = list(entry_points(group=ENTRY_POINTS, name=name))
    if not points:
        return RulePlugin(problem=f"no distribution is installed that has `{name}`")
    origin = _origin(points[0])
    try:
        loaded = points[0].load()
        rules = (loaded,) if isinstance(loaded, Rule) else tuple(loaded)
    except Exception as broken:
        return RulePlugin(problem=f"`{name}` cannot be loaded: {_line(broken)}", origin=origin)
    problem = next((problem for rule in rules if (problem := _problem(rule, taken))), "")
    if problem:
        return RulePlugin(problem=f"`{name}` cannot be used: {problem}", origin=origin)
    return RulePlugin(tuple(_guarded(rule, origin) for rule in rules), origin=origin)


def _problem(rule: object, taken: Sequence[Listed]) -> str:
    """Why something cannot be one of the rules; empty if it can."""
    if not isinstance(rule, Rule):
        return f"it has {type(rule).__name__}, not `witkit.checks.rule.Rule`"
    if rule.category not in CATEGORIES:
        return f"`{rule.name}` has the unknown category `{rule.category}`"
    used = {name for each in taken for name in (each.name, each.code)} | CATEGORIES.keys()
    same = next((name for name in (rule.name, rule.code) if name in used), None)
    return f"there is a `{same}` already" if same else ""


def _guarded(rule: Rule, origin: str) -> Rule:
    """A rule that after its first failure says so, and does not run any more."""
    failures: list[Exception] = []
    is_reported = False

    def applies(context: Context) -> bool:
        try:
            return rule.applies is None or rule.applies(context)
        except Exception as broken:
            failures.append(broken)
            return True

    def check(item: Any, context: Context) -> Iterator[Finding]:
        nonlocal is_reported
        if is_reported:
            return
        try:
            if failures:
                raise failures[0]
            yield from rule.check(item, context)
        except Exception as broken:
            is_reported = True
            place = context.file.source.span(0, 0)
            yield Finding(place, f"this rule failed: {_line(broken)}", f"it is from {origin}; report it there")

    return replace(rule, check=check, applies=applies)


def _line(problem: Exception) -> str:
    return " ".join(f"{type(problem).__name__}: {problem}".split()).removesuffix(":")


def _origin(point: EntryPoint) -> str:
    owner = f"the distribution `{point.dist.name}` {point.dist.version}" if point.dist else "another distribution"
    return f"{owner}, entry point `{point.name} = {point.value}`"
