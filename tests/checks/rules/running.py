"""Run one rule over the text of a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.checks.test_rules import load_with
from witkit.checks import check
from witkit.checks.fixing import fix
from witkit.checks.settings import RuleChoice, Settings
from witkit.ir import load
from witkit.text import Diagnostic


def findings(rule: str, text: str, folder: Path, **options: bool | int | str | tuple[str, ...]) -> list[Diagnostic]:
    """What a rule finds in a file; the package has to load without errors."""
    (folder / "shop.wit").write_text(text, encoding="utf-8")
    return list(check(load(folder), _only(rule, options)))


def messages(rule: str, text: str, folder: Path, **options: bool | int | str | tuple[str, ...]) -> list[str]:
    """The messages of what a rule finds."""
    return [d.message for d in findings(rule, text, folder, **options)]


def fixed(rule: str, text: str, folder: Path, **options: bool | int | str | tuple[str, ...]) -> str:
    """The file after all safe fixes; the rule must find nothing in it any more."""
    (folder / "shop.wit").write_text(text, encoding="utf-8")
    result = fix(partial(load_with, folder), _only(rule, options))
    assert [d.message for d in result.found] == []
    return next(iter(result.texts.values()), text)


def _only(rule: str, options: dict[str, bool | int | str | tuple[str, ...]]) -> Settings:
    return Settings(preset="none", choices=(RuleChoice(select=(rule,)),), options={rule: options})
