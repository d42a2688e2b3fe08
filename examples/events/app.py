"""Follows settings in a key-value store, and notes in another store what becomes of them.

An event is handled in an instance of its own: what one event leaves for the next has to be in a store.
"""

from __future__ import annotations

import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.events import Events
from wit_world.imports.keyvalue import Keyvalue
from wit_world.imports.resources import Observable
from wit_world.imports.types import Event


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def follow(self, keys: list[str], seconds: int) -> None:
        try:
            watched = Events.get()
            for key in keys:
                watched = watched.listen(Observable("settings", key))
            watched.exec(seconds)
        except Err as failed:
            raise Err(failed.value.value) from failed

    def changes(self) -> list[str]:
        try:
            with Keyvalue.open("changes") as log:
                return [log.get(key).decode() for key in log.keys()]
        except Err as failed:
            raise Err(failed.value.value) from failed


class EventHandler(exports.EventHandler):
    """Notes changes, each under a number."""

    def handle_event(self, ev: Event) -> Event | None:
        line = _line(ev)
        try:
            with Keyvalue.open("changes") as log:
                log.set(f"{len(log.keys()):06}", line.encode())
        except Err as failed:
            raise Err(failed.value.value) from failed
        return None


def _line(event: Event) -> str:
    match event.ty, event.data:
        case "key-value.set", bytes(value):
            try:
                return f"{event.subject} = {value.decode()}"
            except UnicodeDecodeError:
                raise Err(f"the value of {event.subject} is not text") from None
        case "key-value.delete", None:
            return f"{event.subject} is gone"
        case kind, _:
            raise Err(f"an event of the kind {kind} is not a change of a setting")
