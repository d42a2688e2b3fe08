"""Repairs of what is written so in other languages, or was in older WIT: one module for each part of the grammar."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax.idioms.functions import functions
from witkit.syntax.idioms.items import items
from witkit.syntax.idioms.kinds import kinds
from witkit.syntax.idioms.members import members
from witkit.syntax.idioms.names import names
from witkit.syntax.idioms.results import results
from witkit.syntax.idioms.types import types
from witkit.syntax.repair import Repair, Site


def idioms(site: Site) -> Iterator[Repair]:
    """The repairs whose pattern is there, all of them sure."""
    yield from functions(site)
    yield from results(site)
    yield from items(site)
    yield from kinds(site)
    yield from members(site)
    yield from types(site)
    yield from names(site)
