"""What one run wants to check, over what the project of each package says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from witkit.checks.configuration import CheckConfiguration, configuration, unknown_name
from witkit.checks.rule import Listed, Needs, Rule
from witkit.checks.settings import RuleChoice
from witkit.checks.table import LISTED, own_rules
from witkit.text import WitkitError, error
from witkit.text.values import value

UNKNOWN_RULE = "WIT0936"
WITHOUT_EFFECT = "WIT0943"

_IDLE = "`--{}` has no effect: none of the rules that need it is chosen"


@value(frozen=True, slots=True)
class Wanted:
    """The preset, the rules and the features that one run asks for; what is None is the project's."""

    preset: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: Path | None = None
    target: str | None = None
    wasi: str | None = None
    against: str | None = None
    features: tuple[str, ...] = ()
    all_features: bool = False

    def configuration(self, package: Path) -> CheckConfiguration:
        """The settings and the baseline for the package at a path.

        Raises WitkitError for what is wrong in the project's settings, for names that no rule has (WIT0936), and for
        something to compare with that no chosen rule looks at (WIT0943).
        """
        project = configuration(package if package.is_dir() else package.parent, LISTED)
        rules = (*LISTED, *project.settings.added)
        wrong = [(name, help) for name in (*self.select, *self.ignore) if (help := unknown_name(name, rules))]
        if wrong:
            raise WitkitError(error(UNKNOWN_RULE, f"there is no rule or category `{n}`", help=h) for n, h in wrong)
        choices = (*project.settings.choices, RuleChoice(self.select, self.ignore))
        settings = replace(
            project.settings,
            preset=self.preset or project.settings.preset,
            choices=choices,
            target=self.target or project.settings.target,
            wasi=self.wasi or project.settings.wasi,
        )
        given: tuple[tuple[Needs, object], ...] = (
            ("target", self.target),
            ("wasi", self.wasi),
            ("against", self.against),
        )
        idle = [name for name, value in given if value is not None and not settings.has_use_for(name, rules)]
        if idle:
            # A check that did not happen must not look clean.
            raise WitkitError(error(WITHOUT_EFFECT, _IDLE.format(n), help=_selection(n, rules)) for n in idle)
        return replace(
            project,
            settings=settings,
            baseline=self.baseline or project.baseline,
            against=project.against if self.against is None else self.against,
            against_place=project.against_place if self.against is None else None,
        )


def _selection(setting: Needs, rules: Sequence[Listed]) -> str:
    """How to choose the rules that need a setting."""
    return f"add `--select {','.join(rule.name for rule in rules if rule.needs == setting)}`, or one of these rules"


def rules_of_project() -> tuple[Rule, ...]:
    """All rules that the project of the current folder has. Raises WitkitError for what is wrong in its settings."""
    return (*own_rules(), *configuration(Path(), LISTED).settings.added)
