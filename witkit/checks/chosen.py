"""What one run wants to check, over what the project of each package says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from witkit.checks.configuration import configuration, unknown_name
from witkit.checks.settings import Choice, Settings
from witkit.checks.table import own_rules
from witkit.text import WitkitError, error

UNKNOWN_RULE = "WIT0936"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The preset and the rules that one run asks for; a preset of None is the project's."""

    preset: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def settings(self, package: Path) -> Settings:
        """The settings for the package at a path.

        Raises WitkitError for what is wrong in the project's settings, and for names that no rule has (WIT0936).
        """
        rules = own_rules()
        wrong = [(name, help) for name in (*self.select, *self.ignore) if (help := unknown_name(name, rules))]
        if wrong:
            raise WitkitError(error(UNKNOWN_RULE, f"there is no rule or category `{n}`", help=h) for n, h in wrong)
        settings = configuration(package if package.is_dir() else package.parent, rules).settings
        choices = (*settings.choices, Choice(self.select, self.ignore))
        return replace(settings, preset=self.preset or settings.preset, choices=choices)
