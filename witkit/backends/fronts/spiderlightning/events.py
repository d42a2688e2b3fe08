"""`spiderlightning:events/events` over key-value backends that can watch: changes go to the guest's own handler."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, ClassVar, Final, Self
from urllib.parse import quote

from witkit.abi import Err
from witkit.abi.versions import find
from witkit.backends.cloudevents import CloudEvent, new_id, now
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.callee import Callee
from witkit.backends.fronts.failures import Cases
from witkit.backends.keyvalue.following import follow
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.keyvalue.watching import KeyChange
from witkit.backends.selector import Selector
from witkit.interfaces.events import resources, types
from witkit.text.diagnostic import Error

HANDLER: Final = "spiderlightning:events/event-handler@0.5.1"
FUNCTION: Final = "handle-event"
SET: Final = "key-value.set"
DELETE: Final = "key-value.delete"
MOST: Final = 64
"""The most observables of a list: each has a thread while it is watched."""

CASES: Final = Cases(types.Error_ErrorWithDescription, {})

_HIDDEN: Final = re.compile(r"[%\x00-\x1f\x7f-\x9f]")


def event_of(change: KeyChange) -> CloudEvent:
    """The event for a change.

    The subject is the key; in it, `%` and control characters are percent-encoded, because events cannot have them.
    """
    return CloudEvent(
        type=DELETE if change.value is None else SET,
        source=f"key-value/{quote(change.store, safe='')}",
        id=new_id(),
        data=change.value,
        datacontenttype=None if change.value is None else "application/octet-stream",
        subject=_HIDDEN.sub(lambda found: quote(found[0], safe=""), change.key),
        time=now(),
    )


def record_of(event: CloudEvent) -> types.Event:
    """The event as WIT has it. Extensions have no place there."""
    return types.Event(
        event.specversion,
        event.type,
        event.source,
        event.id,
        event.data,
        event.datacontenttype,
        event.dataschema,
        event.subject,
        event.time,
    )


class EventList:
    """`resource events`: a list of keys to watch."""

    _selector: ClassVar[Selector[KeyValue]]
    _callee: ClassVar[Callee | None]

    def __init__(self, observed: Sequence[tuple[str, str]] = ()) -> None:
        self._observed = observed

    @classmethod
    def get(cls) -> Self:
        """An empty list."""
        return cls()

    def listen(self, ob: resources.Observable) -> Self:
        """The list with one more key. The same key again changes nothing."""
        with CASES.raised("events listen"):
            stores = self._selector(ob.rd)
            if not ob.key:
                raise Failure(Kind.INVALID_KEY, "a key must have at least one character")
            stores.limits.check_key(ob.key)
            observed = tuple(dict.fromkeys([*self._observed, (ob.rd, ob.key)]))
            if len(observed) > MOST:
                raise Failure(Kind.FULL, f"a list has at most {MOST} observables")
        return type(self)(observed)

    def exec(self, duration: int) -> None:
        """Watch the keys for `duration` seconds. The first error of a handler or a watch ends it."""
        with CASES.raised("events exec"), ExitStack() as stack:
            handler = self._handler()
            watches = []
            for store, key in self._observed:
                stores = self._selector(store)
                stores.create(store)
                watches.append(stores.watch(store, [key]))
                stack.callback(watches[-1].close)
            try:
                follow(watches, duration, lambda change: self._handle(handler, change))
            except Err as refused:
                raise Err(types.Error_ErrorWithDescription(str(refused.value))) from refused

    def _handle(self, handler: str, change: KeyChange) -> None:
        """Call the guest. What it returns besides an error is ignored, as the interface has it."""
        assert self._callee is not None
        try:
            self._callee.call(handler, FUNCTION, record_of(event_of(change)))
        except Err:
            raise
        except Error as stopped:
            raise Failure(Kind.OTHER, "the handler of the event stopped", str(stopped)) from stopped

    def _handler(self) -> str:
        """The name of the handler that the guest exports. Raises Failure."""
        if self._callee is None:
            raise Failure(Kind.UNSUPPORTED, "events are for programs that `witkit run` or `witkit serve` runs")
        found = find(HANDLER, list(self._callee.exports))
        if found is None:
            raise Failure(Kind.UNSUPPORTED, f"the program does not export `{HANDLER}`")
        return found


class EventsInterface:
    """`interface events`: the implementation for an import."""

    def __init__(self, selector: Selector[KeyValue], callee: Callee | None) -> None:
        members: dict[str, Any] = {"_selector": selector, "_callee": callee, "__doc__": EventList.__doc__}
        self._bound = type("Events", (EventList,), members)

    @property
    def Events(self) -> type[EventList]:
        """The class of lists of this selector."""
        return self._bound
