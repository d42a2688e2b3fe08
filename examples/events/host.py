"""The host side of `wit/change-log.wit`: key-value stores in memory, and events for the keys that change in them.

`python host.py` lets the component follow two settings for two seconds, and changes them meanwhile.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import ClassVar, Self

from change_log import ChangeLogComponent, Err
from change_log.keyvalue import KeyvalueError_InvalidKey, KeyvalueError_KeyNotFound
from change_log.resources import Observable
from change_log.types import Error_ErrorWithDescription, Event

Handler = Callable[[Event], object]

POLL = 0.01
"""Seconds between two looks at the keys."""


class Stores:
    """The imported interface `keyvalue`: a dictionary for each store."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, bytes]] = {}
        self.Keyvalue: type[Store] = type("Keyvalue", (Store,), {"stores": self.entries})


class Store:
    """The resource `keyvalue`: one of the stores."""

    stores: ClassVar[dict[str, dict[str, bytes]]]

    def __init__(self, name: str) -> None:
        self._entries = self.stores.setdefault(name, {})

    @classmethod
    def open(cls, name: str) -> Self:
        return cls(name)

    def get(self, key: str) -> bytes:
        if key not in self._entries:
            raise Err(KeyvalueError_KeyNotFound(key))
        return self._entries[key]

    def set(self, key: str, value: bytes) -> None:
        if not key:
            raise Err(KeyvalueError_InvalidKey("a key must have at least one character"))
        self._entries[key] = value

    def keys(self) -> list[str]:
        return sorted(self._entries)

    def delete(self, key: str) -> None:
        self._entries.pop(key, None)


class Watching:
    """The imported interface `events`: looks at the keys again and again, and has every change handled."""

    def __init__(self, stores: Stores, handler: Handler) -> None:
        self.stores, self.handler = stores.entries, handler
        self.Events: type[Watch] = type("Events", (Watch,), {"watching": self})


class Watch:
    """The resource `events`: a list of keys to watch."""

    watching: ClassVar[Watching]

    def __init__(self, watched: tuple[Observable, ...] = ()) -> None:
        self._watched = watched

    @classmethod
    def get(cls) -> Self:
        return cls()

    def listen(self, ob: Observable) -> Self:
        return type(self)((*self._watched, ob))

    def exec(self, duration: int) -> None:
        end = time.monotonic() + duration
        seen = [self._value(one) for one in self._watched]
        while time.monotonic() < end:
            time.sleep(POLL)
            for index, one in enumerate(self._watched):
                value = self._value(one)
                if value != seen[index]:
                    seen[index] = value
                    self._tell(one, value)

    def _value(self, one: Observable) -> bytes | None:
        return self.watching.stores.get(one.rd, {}).get(one.key)

    def _tell(self, one: Observable, value: bytes | None) -> None:
        kind = "key-value.delete" if value is None else "key-value.set"
        now = datetime.now(UTC).isoformat()
        try:
            self.watching.handler(Event("1.0", kind, one.rd, str(uuid.uuid4()), value, None, None, one.key, now))
        except Err as failed:
            raise Err(Error_ErrorWithDescription(failed.value)) from failed


if __name__ == "__main__":
    component = ChangeLogComponent.load(Path(__file__).with_name("change-log.wasm"))
    stores = Stores()

    def handle(event: Event) -> None:
        """In an instance of its own, as the interface has it."""
        with component.instantiate(keyvalue=stores, events=watching) as instance:
            instance.event_handler.handle_event(event)

    watching = Watching(stores, handle)
    settings = stores.Keyvalue.open("settings")
    Timer(0.5, settings.set, ("theme", b"dark")).start()
    Timer(1.0, settings.set, ("size", b"12")).start()
    Timer(1.5, settings.delete, ("theme",)).start()
    with component.instantiate(keyvalue=stores, events=watching) as change_log:
        change_log.follow(["theme", "size"], 2)
        print(*change_log.changes(), sep="\n")
