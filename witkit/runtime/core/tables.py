"""The handles of one component instance (`CanonicalABI.md`, "Table State" and "Resource State"), and the handles to
guests' resources that the host holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from witkit.canonical.errors import Violation

if TYPE_CHECKING:
    from witkit.runtime.core.resources import ResourceType

E = TypeVar("E")

FULL: Final = "handle limit exceeded"
MOST: Final = 99_999
"""Handles that one component instance may hold, so that a guest cannot fill the host's memory with objects that it
never drops."""


class Handle:
    """An entry of a table: `rep` is a number of the guest that implements the resource, or the host's object.

    `lends` counts the calls that it is lent to. A borrowed handle counts among the `borrows` of its `borrow_scope`,
    which is a call.
    """

    __slots__ = ("borrow_scope", "lends", "own", "rep", "resource")

    def __init__(self, resource: ResourceType, rep: Any, *, own: bool, borrow_scope: Any = None) -> None:
        self.resource, self.rep, self.own, self.borrow_scope = resource, rep, own, borrow_scope
        self.lends = 0


class HandleTable:
    """Handles by index. Index 0 is never used, and the index that was freed last is used first."""

    __slots__ = ("_entries", "_free")

    def __init__(self) -> None:
        self._entries: list[Any] = [None]
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._entries) - 1 - len(self._free)

    def add(self, entry: object) -> int:
        """The index of a new entry. Raises Violation if there are too many."""
        if self._free:
            index = self._free.pop()
            self._entries[index] = entry
            return index
        index = len(self._entries)
        if index > MOST:
            raise Violation(FULL)
        self._entries.append(entry)
        return index

    def entry(self, kind: type[E], index: int) -> E:
        """The entry of that index, which is not a handle to a resource. Raises Violation if it is not of that kind."""
        found = self._entries[index] if index < len(self._entries) else None
        if not isinstance(found, kind):
            raise Violation(f"unknown handle index {index}")
        return found

    def handle(self, resource: ResourceType, index: int) -> Handle:
        """The handle of that index. Raises Violation if there is none, or one of another resource."""
        found = self._entries[index] if index < len(self._entries) else None
        if type(found) is not Handle:
            raise Violation(f"unknown handle index {index}")
        if found.resource is not resource:
            raise Violation(f"handle index {index} used with the wrong type, expected {resource.name}")
        return found

    def take(self, resource: ResourceType, index: int) -> Handle:
        """Remove a handle, which no call may be using."""
        found = self.handle(resource, index)
        if found.lends:
            raise Violation("cannot remove owned resource while borrowed")
        self.discard(index)
        return found

    def discard(self, index: int) -> None:
        """Free an index that is in use."""
        self._entries[index] = None
        self._free.append(index)

    def clear(self) -> list[Handle]:
        """Remove all; gives the handles that were there."""
        entries, self._entries, self._free = self._entries, [None], []
        return [entry for entry in entries if type(entry) is Handle]


class HostHandle(NamedTuple):
    """A handle to a guest's resource that the host holds: the guest's number for the resource, and its type."""

    box: int
    type: ResourceType


class HostHandles:
    """The handles to guests' resources that the host holds, by number.

    A Python object can be copied, forged, finalized twice or used by several threads. So no object owns a resource: it
    has a number, and the table maps each number to a resource at most once. Taking an entry out is atomic. `destroy` is
    called for a handle that is dropped.
    """

    def __init__(self, destroy: Callable[[HostHandle], object]) -> None:
        self._handles: dict[int, HostHandle] = {}
        self._next = itertools.count(1)
        self._lends: dict[int, int] = {}
        self._dropped: dict[int, HostHandle] = {}
        self._destroy = destroy

    def __len__(self) -> int:
        return len(self._handles)

    def add(self, handle: HostHandle) -> int:
        """A number for the handle."""
        number = next(self._next)
        self._handles[number] = handle
        return number

    def get(self, number: int) -> HostHandle | None:
        """The handle of that number, None if it was taken out."""
        return self._handles.get(number)

    def take(self, number: int) -> HostHandle | None:
        """Remove the handle: it belongs to the caller, and to nobody else."""
        return self._handles.pop(number, None)

    def put_back(self, number: int, handle: HostHandle) -> None:
        """Undo `take`."""
        self._handles[number] = handle

    def is_lent(self, number: int) -> bool:
        """Whether a call that has not ended was lent the handle."""
        return number in self._lends

    def lend(self, number: int) -> None:
        """A call begins that uses the handle."""
        self._lends[number] = self._lends.get(number, 0) + 1

    def give_back(self, number: int) -> None:
        """The end of such a call."""
        self._lends[number] -= 1
        if not self._lends[number]:
            del self._lends[number]
            if (handle := self._dropped.pop(number, None)) is not None:
                self._destroy(handle)

    def drop(self, number: int) -> None:
        """Drop a handle, if it is still there: the guest's destructor runs, once no call uses the handle any more."""
        handle = self.take(number)
        if handle is not None and number in self._lends:
            self._dropped[number] = handle
        elif handle is not None:
            self._destroy(handle)

    def clear(self) -> None:
        """Forget all: they go with their store."""
        self._handles.clear()
        self._dropped.clear()
        self._destroy = lambda handle: None  # it led back to the store


def too_many(reason: str) -> str:
    """The message of a HandleLimitError."""
    return (
        f"no handle for another object: {reason}; an instance holds at most {MOST:,} live handles: "
        "close what is no longer used, or use more instances"
    )
