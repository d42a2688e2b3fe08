"""The exports that take changes, and how a change becomes their arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from witkit import abi
from witkit.abi.versions import compatible
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.keyvalue.watching import KeyChange
from witkit.backends.selector import Selector

from ...exported import Exporting

Call = tuple[str, tuple[Any, ...]]
"""A function, and its arguments."""


@dataclass(frozen=True, slots=True)
class Handler:
    """An exported interface for changes. `description` is the module with its `INTERFACE`."""

    interface: str
    description: str
    call: Callable[[Selector[KeyValue], KeyChange], Call]

    def described(self) -> abi.Interface:
        """The interface with the classes of the generated package."""
        found: abi.Interface = import_module(self.description).INTERFACE
        return found


def _event(selector: Selector[KeyValue], change: KeyChange) -> Call:
    from witkit.backends.fronts.spiderlightning.events import FUNCTION, event_of, record_of

    return FUNCTION, (record_of(event_of(change)),)


def _watcher(draft: str) -> Callable[[Selector[KeyValue], KeyChange], Call]:
    def call(selector: Selector[KeyValue], change: KeyChange) -> Call:
        from witkit.backends.fronts.wasi.keyvalue import store

        bucket = getattr(store, draft)(selector).Bucket(change.store, selector(change.store))
        if change.value is None:
            return "on-delete", (bucket, change.key)
        return "on-set", (bucket, change.key, change.value)

    return call


HANDLERS: Final = (
    Handler("spiderlightning:events/event-handler@0.5.1", "witkit.interfaces.events.event_handler", _event),
    Handler("wasi:keyvalue/watcher@0.2.0-draft", "witkit.interfaces.wasi_keyvalue_draft.watcher", _watcher("Draft")),
    Handler("wasi:keyvalue/watcher@0.2.0-draft2", "witkit.interfaces.wasi_keyvalue_draft2.watcher", _watcher("Draft2")),
)


def handlers_of(exporting: Exporting) -> list[Handler]:
    """The handlers that a guest exports. Each of them is called for every change."""
    return [each for each in HANDLERS if any(compatible(each.interface, name) for name in exporting.exports)]
