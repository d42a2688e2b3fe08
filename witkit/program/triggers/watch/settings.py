"""The watches of `witkit.toml`:

[[key-value.watch]]
store = "settings"           # what the guest would open
keys = ["theme", "size"]     # without it, all keys of the store
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from witkit.text import Span
from witkit.text.settings import SettingsTable

KEYS: Final = ("store", "keys")


@dataclass(frozen=True, slots=True)
class Watched:
    """A store that is watched, and its keys; None for all of them."""

    store: str
    keys: Sequence[str] | None = None
    place: Span | None = None


def read_watches(table: SettingsTable) -> tuple[Watched, ...]:
    """The watches in the table `key-value`. Mistakes are problems of the table. What is wrong has its default, so that
    nobody says that there is no watch."""
    tables = table.tables("watch")
    if not tables and not isinstance(table.values.get("watch", []), list):
        return (Watched(""),)
    return tuple(map(_read, tables))


def _read(table: SettingsTable) -> Watched:
    table.reject_unknown_keys(*KEYS)
    table.require("store")
    store, keys = table.text("store"), table.texts("keys")
    if "keys" in table.values and not (keys and all(keys)):
        table.wrong("keys", "`keys` must name at least one key, and none can be empty")
    return Watched(store or "", tuple(dict.fromkeys(keys)) if keys else None, table.place("store"))
