"""Resource handles in both directions.

Host resources are Python objects in a table; the guest holds their numbers. Guest resources are
`GuestResource` objects that own a box: C memory that names one handle of one store. The rules of the
C library (each measured): a borrowed handle that reaches the host is consumed exactly once; arguments are
copied, so the host frees its boxes after the call; collecting a box does not drop the handle.
"""

from __future__ import annotations

import ctypes
import itertools
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self
from weakref import WeakKeyDictionary

from witkit import abi
from witkit.runtime import capi
from witkit.runtime.errors import HandleLimitError

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from witkit.runtime.state import State

MOST = 99_999
"""Handles to host objects that one instance may hold: what wasmtime 50 allows, and a bound for older ones, which
would let a guest fill the host's memory with objects it never drops."""

_host_numbers = itertools.count(1 << 24)
_host_types: WeakKeyDictionary[abi.Resource, int] = WeakKeyDictionary()


def stub_type() -> int:
    """The number of a resource type that only one store will know."""
    return next(_host_numbers)


def host_type(resource: abi.Resource) -> int:
    """The number that stands for a host resource's type towards wasmtime, the same in every store."""
    return _host_types.setdefault(resource, next(_host_numbers))


class HostTable:
    """The host's objects that the guest holds handles to, by number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._next = itertools.count(1)

    def add(self, value: Any) -> int:
        """A new number for the object, even where it has one already: each handle is dropped for itself.

        Raises HandleLimitError where too many are alive.
        """
        if len(self._objects) >= MOST:
            raise HandleLimitError(_too_many("the guest holds too many"))
        number = next(self._next)
        self._objects[number] = value
        return number

    def get(self, number: int) -> Any:
        return self._objects[number]

    def pop(self, number: int) -> Any:
        return self._objects.pop(number)

    def discard(self, number: int) -> None:
        """The guest dropped its handle: release the object."""
        self._objects.pop(number, None)

    def clear(self) -> None:
        self._objects.clear()

    def __len__(self) -> int:
        return len(self._objects)


class _Unbound(Mapping[str, Callable[..., Any]]):
    """The functions of a resource class that belongs to no instance: there are none."""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        raise TypeError(
            f"`{name}` needs an instance: use the class of an instance's interface, "
            "as in `instance.catalog.Item(…)`, not the module's"
        )

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class GuestResource:
    """A handle to a resource that the guest implements; the base of generated classes.

    Close it (`with`, or `close()`) when done: that runs the guest's destructor. One that is collected
    unclosed is dropped at the next call, with a ResourceWarning that tells where it was made.
    """

    _exports: ClassVar[Mapping[str, Callable[..., Any]]] = _Unbound()
    _state: State | None = None
    _box: int = 0
    _made: str = ""
    _borrowed: bool = False

    @classmethod
    def _lifted(cls, state: State, box: int, *, borrowed: bool = False) -> Self:
        """A handle object that owns `box`."""
        made = cls.__new__(cls)
        made._state, made._box, made._borrowed = state, box, borrowed
        made._made = _place(cls)
        return made

    def _adopt(self, other: GuestResource) -> None:
        """Take over the handle of `other`, which is as if moved: how a constructor fills its object."""
        self._state, self._box, self._made = other._state, other._box, other._made
        other._box = 0

    def _handle(self, state: State) -> int:
        """The box, for a call on `state`. Raises ValueError where it is gone or belongs elsewhere."""
        if not self._box:
            raise ValueError(f"this {type(self).__name__} was closed, or given away to the guest")
        if self._state is not state:
            raise ValueError(f"this {type(self).__name__} belongs to another instance")
        return self._box

    def _drop(self) -> None:
        state = self._state
        if not self._box or state is None:
            return
        if state.closed:
            box, self._box = self._box, 0
            capi.resource_delete(box)
            return
        nested = state.enter()
        try:
            if state.todo and not nested:
                state.prepare()
            box, self._box = self._box, 0
            if box:
                state.drop_box(box)
        finally:
            state.leave(nested)

    def close(self) -> None:
        """Drop the handle; the guest's destructor runs. A second time does nothing."""
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def __del__(self) -> None:
        box, state = self._box, self._state
        if not box or state is None:
            return
        self._box = 0
        if state.closed or self._borrowed:
            capi.resource_delete(box)
            return
        # A destructor is guest code: it cannot run at any moment in any thread, so the next call does it.
        state.garbage.append(box)
        state.todo = True
        name = type(self).__name__
        warnings.warn(f"{name} was never closed; made at {self._made}", ResourceWarning, source=self, stacklevel=2)


def _place(cls: type) -> str:
    """File and line of the user's code that led to a new handle."""
    own = cls.__module__.rpartition(".")[0] or cls.__module__
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        inside = module == own or module.startswith((f"{own}.", "witkit.runtime")) or "C_CODEC" in frame.f_globals
        if not inside:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return "an unknown place"


class Call:
    """The handles of one call: made before it, freed after it, undone where it never took place.

    The generated code sets `sent` just before the C library copies the values: from then on owned handles
    belong to the other side.
    """

    __slots__ = ("_borrowed", "_copies", "_lent", "_moved", "_new", "_state", "sent")

    def __init__(self, state: State) -> None:
        self._state = state
        self.sent = False
        self._borrowed: list[GuestResource] = []
        self._copies: list[int] = []
        self._new: list[tuple[int, int]] = []
        self._lent: list[tuple[int, int]] = []
        self._moved: list[tuple[GuestResource, int]] = []

    def lower_own(self, resource: abi.Resource, value: Any) -> int:
        """Give a resource to the guest; the address of its box."""
        if resource in self._state.host_types:
            made = self._host_box(resource, value)
            self._new.append(made)
            return made[0]
        box = _guest(resource, value)._handle(self._state)
        value._box = 0
        self._moved.append((value, box))
        return box

    def lower_borrow(self, resource: abi.Resource, value: Any) -> int:
        """Lend a resource to the guest for this call."""
        if resource in self._state.host_types:
            made = self._host_box(resource, value)
            self._lent.append(made)
            return made[0]
        # A copy: code of the user's that runs during lowering may close the handle.
        copy = int(capi.resource_clone(_guest(resource, value)._handle(self._state)))
        self._copies.append(copy)
        return copy

    def lift_own(self, resource: abi.Resource, address: int) -> Any:
        """Take a resource from the guest."""
        if resource in self._state.host_types:
            return self._state.table.pop(self._rep(address))
        return self._wrapped(resource, address, borrowed=False)

    def lift_borrow(self, resource: abi.Resource, address: int) -> Any:
        """The resource that the guest lends for this call."""
        if resource in self._state.host_types:
            return self._state.table.get(self._rep(address))
        lent = self._wrapped(resource, address, borrowed=True)
        self._borrowed.append(lent)
        return lent

    def end(self) -> None:
        """Free what only this call needed. Owned handles that were never sent go back to where they were."""
        for box in self._copies:
            capi.resource_delete(box)
        if self._state.closed:
            return
        for value, box in self._moved:
            if self.sent:
                capi.resource_delete(box)
            else:
                value._box = box
        for box, number in self._new:
            if self.sent:
                capi.resource_delete(box)
            else:
                self._drop(box, number)
        for lent in self._borrowed:
            self._lent.append((lent._box, 0))
            lent._box = 0
        for box, number in self._lent:
            self._drop(box, number)

    def _drop(self, box: int, number: int) -> None:
        """Drop a handle that the host still holds; for a host resource this runs no destructor."""
        self._state.table.discard(number)
        if self._state.broken:
            capi.resource_delete(box)
        else:
            self._state.drop_box(box)

    def _host_box(self, resource: abi.Resource, value: Any) -> tuple[int, int]:
        """A new handle to a host object: its box and its number in the table."""
        _check_host(self._state, resource, value)
        number = self._state.table.add(value)
        host = capi.host_resource_new(True, number, self._state.host_types[resource])
        out = ctypes.c_void_p()
        failed = capi.host_resource_to_any(self._state.context, host, ctypes.byref(out))
        capi.host_resource_delete(host)
        if failed:
            self._state.table.discard(number)
            raise HandleLimitError(_too_many(str(capi.take_error(failed)).splitlines()[0]))
        return int(out.value or 0), number

    def _rep(self, address: int) -> int:
        """The number behind a host resource's handle, which is consumed."""
        out = ctypes.c_void_p()
        failed = capi.resource_to_host(self._state.context, address, ctypes.byref(out))
        if failed:
            raise capi.take_error(failed)
        number = capi.host_resource_rep(out)
        capi.host_resource_delete(out)
        return int(number)

    def _wrapped(self, resource: abi.Resource, address: int, *, borrowed: bool) -> Any:
        cls: type[GuestResource] = self._state.guest_classes.get(resource) or resource.cls or GuestResource
        return cls._lifted(self._state, int(capi.resource_clone(address)), borrowed=borrowed)


def _too_many(reason: str) -> str:
    return (
        f"no handle for another object: {reason}; an instance holds at most {MOST:,} live handles: "
        "close what is no longer used, or use more instances"
    )


def _guest(resource: abi.Resource, value: Any) -> GuestResource:
    cls = resource.cls or GuestResource
    if not isinstance(value, cls):
        raise TypeError(f"expected {resource.name} ({cls.__name__}), got {type(value).__name__}")
    assert isinstance(value, GuestResource)
    return value


def _check_host(state: State, resource: abi.Resource, value: Any) -> None:
    """Refuse what is plainly no such resource: None, or an object of another class without its methods."""
    needed = state.host_shapes.get(resource)
    if value is None or (needed is not None and not needed(value)):
        raise TypeError(f"expected a {resource.name} resource, got {type(value).__name__}")
