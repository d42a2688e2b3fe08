"""The table of triggers, and those of other distributions: entry points in the group `witkit.triggers`.

The name of an entry point is free, the object is a `Trigger`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .trigger import Trigger

ENTRY_POINTS: Final = "witkit.triggers"

TRIGGERS: Final = {
    "events": "witkit.program.triggers.http.events:EVENTS",
    "http": "witkit.program.triggers.http.trigger:HTTP",
    "messages": "witkit.program.triggers.messages.trigger:MESSAGES",
    "watch": "witkit.program.triggers.watch.trigger:WATCHING",
}
"""`module:attribute` of each."""

TABLES: Final = ("instances", "http", "serve")
"""The tables of `witkit.toml` that only programs that are called have."""

SUBTABLES: Final = {"messaging": ("subscriptions", "topics"), "key-value": ("watch",)}
"""The tables of a capability that are not settings of its backends."""


@cache
def triggers() -> tuple[Trigger, ...]:
    """All triggers."""
    from importlib.metadata import entry_points

    return (*map(_loaded, TRIGGERS.values()), *(point.load() for point in entry_points(group=ENTRY_POINTS)))


def _loaded(place: str) -> Trigger:
    module, _, attribute = place.partition(":")
    found: Trigger = getattr(import_module(module), attribute)
    return found
