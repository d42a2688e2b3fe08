"""Resource handles in both directions, for the length of one call.

Host resources are Python objects in a table; the guest holds their numbers. Guest resources are
`GuestResource` objects, whose numbers refer to boxes: C memory that names one handle of one store. The rules of
the C library (each measured): a borrowed handle that reaches the host is consumed exactly once; arguments are
copied, so the host frees its boxes after the call; collecting a box does not drop the handle.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from ctypes import byref, c_void_p
from types import AsyncGeneratorType, CoroutineType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from witkit import abi
from witkit.runtime import capi
from witkit.runtime.errors import HandleLimitError
from witkit.runtime.resource import GuestResource, number_of
from witkit.runtime.tables import GuestHandle, too_many

if TYPE_CHECKING:
    from witkit.runtime.state import State

_host_numbers = itertools.count(1 << 24)
_host_types: WeakKeyDictionary[abi.Resource, int] = WeakKeyDictionary()


class HostResources:
    """The numbers by which wasmtime knows the host's resources, and tests for objects that fit them."""

    def __init__(self) -> None:
        self.types: dict[abi.Resource, int] = {}
        self.shapes: dict[abi.Resource, Callable[[Any], bool]] = {}


def stub_type() -> int:
    """The number of a resource type that only one store will know."""
    return next(_host_numbers)


def host_type(resource: abi.Resource) -> int:
    """The number by which wasmtime knows a host resource's type, the same in every store."""
    return _host_types.setdefault(resource, next(_host_numbers))


def rep(context: Any, address: int) -> int:
    """The number in a host resource's handle, which is consumed."""
    out = c_void_p()
    failed = capi.resource_to_host(context, c_void_p(address), byref(out))
    if failed:
        raise capi.take_error(failed)
    number: int = capi.host_resource_rep(out)
    capi.host_resource_delete(out)
    return number


class Call:
    """The handles of one call: made before it, freed after it, undone if it never took place.

    `types` numbers the guest's resources in the component, as the function's type mentions them.

    The generated code sets `sent` just before the C library copies the values: from then on owned handles
    belong to the other side.
    """

    __slots__ = ("_borrowed", "_copies", "_lent", "_moved", "_new", "_state", "_types", "sent")

    def __init__(self, state: State, types: Mapping[abi.Resource, int]) -> None:
        self._state, self._types = state, types
        self.sent = False
        self._borrowed: list[GuestResource] = []
        self._copies: list[int] = []
        self._new: list[tuple[int, int]] = []
        self._lent: list[tuple[int, int]] = []
        self._moved: list[tuple[int, GuestHandle]] = []

    def lower_own(self, resource: abi.Resource, value: Any) -> int:
        """Give a resource to the guest; the address of its box."""
        if resource in self._state.host.types:
            made = self._host_box(resource, value)
            self._new.append(made)
            return made[0]
        number, handle = self._of_guest(resource, value)
        self._state.handles.take(number)
        self._moved.append((number, handle))
        return handle.box

    def lower_borrow(self, resource: abi.Resource, value: Any) -> int:
        """Lend a resource to the guest for this call."""
        if resource in self._state.host.types:
            made = self._host_box(resource, value)
            self._lent.append(made)
            return made[0]
        # A copy: code of the user's that runs during lowering may close the handle.
        copy = int(capi.resource_clone(self._of_guest(resource, value)[1].box))
        self._copies.append(copy)
        return copy

    def lift_own(self, resource: abi.Resource, address: int) -> Any:
        """Take a resource from the guest."""
        if resource in self._state.host.types:
            return self._state.table.pop(rep(self._state.context, address))
        return self._wrapped(resource, address, borrowed=False)

    def lift_borrow(self, resource: abi.Resource, address: int) -> Any:
        """The resource that the guest lends for this call."""
        if resource in self._state.host.types:
            return self._state.table.get(rep(self._state.context, address))
        lent = self._wrapped(resource, address, borrowed=True)
        self._borrowed.append(lent)
        return lent

    def end(self) -> None:
        """Free what only this call needed. Owned handles that were never sent go back to where they were."""
        for box in self._copies:
            capi.resource_delete(box)
        if self._state.closed:
            return
        for number, handle in self._moved:
            if self.sent:
                capi.resource_delete(handle.box)
            else:
                self._state.handles.put_back(number, handle)
        for box, number in self._new:
            if self.sent:
                capi.resource_delete(box)
            else:
                self._drop(box, number)
        for lent in self._borrowed:
            if (left := self._state.handles.take(lent._number)) is not None:
                self._lent.append((left.box, 0))
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
        host = capi.host_resource_new(True, number, self._state.host.types[resource])
        out = c_void_p()
        failed = capi.host_resource_to_any(self._state.context, host, byref(out))
        capi.host_resource_delete(c_void_p(host))
        if failed:
            self._state.table.discard(number)
            raise HandleLimitError(too_many(str(capi.take_error(failed)).splitlines()[0]))
        return int(out.value or 0), number

    def _wrapped(self, resource: abi.Resource, address: int, *, borrowed: bool) -> Any:
        number, binder = self._types.get(resource), self._state.binder()
        cls = binder.resource_class(resource, number) if binder is not None else GuestResource
        return cls._lifted(self._state, GuestHandle(int(capi.resource_clone(address)), number), borrowed=borrowed)

    def _of_guest(self, resource: abi.Resource, value: Any) -> tuple[int, GuestHandle]:
        """The handle that a `GuestResource` holds, and its number."""
        number = number_of(resource, value, self._state, self._types.get(resource))
        handle = self._state.handles.get(number)
        assert handle is not None
        return number, handle


def _check_host(state: State, resource: abi.Resource, value: Any) -> None:
    """Refuse what is plainly not such a resource: None, what has yet to run, or an object of another class without its
    methods."""
    needed = state.host.shapes.get(resource)
    refused = value is None or isinstance(value, CoroutineType | AsyncGeneratorType)
    if refused or (needed is not None and not needed(value)):
        raise TypeError(f"expected a {resource.name} resource, got {type(value).__name__}")
