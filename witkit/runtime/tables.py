"""Tables by number: the host's objects that a guest holds, and the guest's handles that Python holds.

A Python object can be copied, forged, finalized twice or used by several threads. So no object owns C memory: it has
a number, and the table of its store maps each number to memory at most once. Taking an entry out is atomic.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

from witkit.abi import drops
from witkit.runtime import capi
from witkit.runtime.errors import HandleLimitError

MOST = 99_999
"""Handles to host objects that one instance may hold: what wasmtime 50 allows, and a bound for older ones, which
would let a guest fill the host's memory with objects it never drops."""


class HostTable:
    """The host's objects that the guest holds handles to, by number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._next = itertools.count(1)

    def add(self, value: Any) -> int:
        """A new number for the object, even if it has one already: each handle is dropped on its own.

        Raises HandleLimitError if too many are alive.
        """
        if len(self._objects) >= MOST:
            raise HandleLimitError(too_many("the guest holds too many"))
        number = next(self._next)
        self._objects[number] = value
        return number

    def get(self, number: int) -> Any:
        return self._objects[number]

    def pop(self, number: int) -> Any:
        return self._objects.pop(number)

    def discard(self, number: int) -> None:
        """The handle is gone: release the object."""
        self._objects.pop(number, None)

    def dropped(self, number: int) -> None:
        """The guest dropped its handle: release the object, and let it know (see `witkit.abi.drops`)."""
        drops.notify(self._objects.pop(number, None))

    def clear(self) -> None:
        """The instance is closed: release all objects."""
        objects, self._objects = self._objects, {}
        for value in objects.values():
            drops.end(value)

    def __len__(self) -> int:
        return len(self._objects)


class GuestHandle(NamedTuple):
    """A handle to a guest's resource: the address of its box, and the number of its type in the component."""

    box: int
    type: int | None


class GuestTable:
    """The handles to the guest's resources that the host holds, by number."""

    def __init__(self) -> None:
        self._handles: dict[int, GuestHandle] = {}
        self._next = itertools.count(1)

    def add(self, handle: GuestHandle) -> int:
        """A number for the handle, whose box belongs to the table from now on."""
        number = next(self._next)
        self._handles[number] = handle
        return number

    def get(self, number: int) -> GuestHandle | None:
        """The handle of that number, None if it was taken out."""
        return self._handles.get(number)

    def take(self, number: int) -> GuestHandle | None:
        """Remove the handle: its box belongs to the caller, and to nobody else."""
        return self._handles.pop(number, None)

    def put_back(self, number: int, handle: GuestHandle) -> None:
        """Undo `take`."""
        self._handles[number] = handle

    def clear(self) -> None:
        """Free all boxes. The handles themselves go with their store."""
        while self._handles:
            try:
                _, handle = self._handles.popitem()
            except KeyError:
                return  # another thread took the last one
            capi.resource_delete(handle.box)

    def __len__(self) -> int:
        return len(self._handles)


def too_many(reason: str) -> str:
    """The message of a HandleLimitError."""
    return (
        f"no handle for another object: {reason}; an instance holds at most {MOST:,} live handles: "
        "close what is no longer used, or use more instances"
    )
