"""Run the rules over the files of a package."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

from witkit._collector import paused
from witkit.checks.allow import allows_in, without_allowed
from witkit.checks.context import Context
from witkit.checks.settings import Settings
from witkit.checks.table import LISTED, rule_of
from witkit.checks.walk import Walk
from witkit.ir import Loaded
from witkit.text import Diagnostic


def run(loaded: Loaded, settings: Settings) -> list[Diagnostic]:
    """What the chosen rules find in a package that was loaded without errors. Dependencies are only looked up."""
    with paused():
        return _run(loaded, settings)


def _run(loaded: Loaded, settings: Settings) -> list[Diagnostic]:
    rules = (*LISTED, *settings.added)
    known: dict[Hashable, object] = {}
    walks = []
    for tree in loaded.trees:
        chosen = settings.chosen(rules, Path(tree.source.name).absolute().as_posix())
        walks.append(Walk([rule_of(each) for each in chosen], Context(loaded, settings, tree, known)))
    found = [finding for walk in walks for finding in walk.run()]
    for walk in walks:
        allows = allows_in(walk.context.file)
        found = without_allowed(found, allows, walk.rules, rules)
        for allow in allows:
            found += walk.shown(allow)
    return found
