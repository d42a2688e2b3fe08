"""Where values with handles cross: between the host and a component instance, or between two component instances.

Each function that is bound to a component instance has a `Boundary`, and each call of a function with handles its
`Call`: what it lent is given back at its end, and what was lowered for a call that never took place is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import AsyncGeneratorType, CoroutineType
from typing import TYPE_CHECKING, Any

from witkit import abi
from witkit.canonical.errors import Violation
from witkit.runtime.core.nesting import refuse_while_converting
from witkit.runtime.core.resources import EndType, ResourceType
from witkit.runtime.core.streams import End
from witkit.runtime.core.tables import FULL, MOST, Handle, HostHandle, too_many
from witkit.runtime.errors import HandleLimitError
from witkit.runtime.resource import number_of
from witkit.wasm.subtyping import is_same

if TYPE_CHECKING:
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.runtime.core.state import State


class BoundResource:
    """A resource as a function's type mentions it: its run-time type and its description."""

    __slots__ = ("description", "type")

    def __init__(self, type: ResourceType, description: abi.Resource) -> None:
        self.type, self.description = type, description


class Boundary:
    """One function's side of a component instance; `types` are the resources that the function mentions."""

    def __init__(self, inst: ComponentInstance, types: Mapping[abi.Resource, ResourceType]) -> None:
        self.inst, self.types = inst, types
        self.state: State = inst.state

    def resource(self, resource: abi.Resource) -> BoundResource:
        """What the functions of `Call` and `lent` take for a resource."""
        return BoundResource(self.types[resource], resource)

    def is_host(self, resource: abi.Resource) -> bool:
        """Whether the host implements a resource, so that `lent` can be used for it."""
        return self.types[resource].owner is None

    def reenter(self) -> None:
        """A call found the store in use. Raises InstanceError unless it is one within a call."""
        self.state.reenter()
        refuse_while_converting()

    def begin(self) -> Call:
        """The handles of a call."""
        return HostCall(self.inst)

    def lent(self, resource: BoundResource, index: int) -> Any:
        """The object that the guest lends to the host, if nothing has to be done after the call."""
        return self.inst.table.handle(resource.type, index).rep


class InnerBoundary(Boundary):
    """As `Boundary`, for a call between two component instances: handles cross by what they stand for."""

    def __init__(self, inst: ComponentInstance, types: Mapping[abi.Resource, ResourceType]) -> None:
        super().__init__(inst, types)
        self._call = EndsCall if any(isinstance(type, EndType) for type in types.values()) else Call

    def begin(self) -> Call:
        return self._call(self.inst)


class Call:
    """The handles of one call between component instances.

    The generated code sets `sent` when what was lowered belongs to the other side. `borrows` counts the handles that
    the callee was lent and has not dropped.
    """

    __slots__ = ("_lent", "_new", "borrows", "inst", "sent")

    def __init__(self, inst: ComponentInstance) -> None:
        self.inst, self.sent, self.borrows = inst, False, 0
        self._lent: list[Handle] = []
        self._new: list[int] = []

    def lift_own(self, resource: BoundResource, index: int) -> Any:
        """Take a handle from the guest. Raises Violation if it has no such handle to give."""
        handle = self.inst.table.handle(resource.type, index)
        if not handle.own:
            raise Violation("expected own, found borrow")
        return self.inst.table.take(resource.type, index).rep

    def lift_borrow(self, resource: BoundResource, index: int) -> Any:
        """What the guest lends for this call."""
        handle = self.inst.table.handle(resource.type, index)
        handle.lends += 1
        self._lent.append(handle)
        return handle.rep

    def lower_own(self, resource: BoundResource, value: Any) -> int:
        """Give a resource to the guest: the index of a new handle."""
        return self._add(Handle(resource.type, value, own=True))

    def lower_borrow(self, resource: BoundResource, value: Any) -> int:
        """Lend a resource to the guest for this call: its own number for one that it implements, else a handle."""
        if resource.type.owner is self.inst:
            return int(value)
        index = self._add(Handle(resource.type, value, own=False, borrow_scope=self))
        self.borrows += 1
        return index

    def _add(self, handle: Handle) -> int:
        index = self.inst.table.add(handle)
        self._new.append(index)
        return index

    def returned(self) -> None:
        """The export has returned. Raises Violation if it still has a handle that it was lent."""
        if self.borrows:
            raise Violation("borrow handles still remain at the end of the call")

    def end(self) -> None:
        """Give back what was lent, and take back what was never sent."""
        for handle in self._lent:
            handle.lends -= 1
        if not self.sent:
            for index in reversed(self._new):
                self.inst.table.discard(index)


class EndsCall(Call):
    """As `Call`, for functions with streams or futures: the end that is read passes from one guest to the other."""

    __slots__ = ()

    def lift_own(self, resource: BoundResource, index: int) -> Any:
        if not isinstance(resource.type, EndType):
            return super().lift_own(resource, index)
        table = self.inst.table
        meeting = table.entry(End, index).give()
        if not is_same(meeting.type, resource.type.type):
            raise Violation(f"handle index {index} used with the wrong type, expected {resource.type.name}")
        table.discard(index)
        return meeting

    def lower_own(self, resource: BoundResource, value: Any) -> int:
        if not isinstance(resource.type, EndType):
            return super().lower_own(resource, value)
        index = self.inst.table.add(End(value, reads=True))
        self._new.append(index)
        return index


class HostCall(Call):
    """The handles of one call between the host and a component instance.

    The host has objects: its own, and a `GuestResource` for each handle to a guest's resource. A guest lends the host
    only resources of the host's, since a component can import no others.
    """

    __slots__ = ("_moved", "_used")

    def __init__(self, inst: ComponentInstance) -> None:
        super().__init__(inst)
        self._moved: list[tuple[int, HostHandle]] = []
        self._used: list[int] = []

    def lift_own(self, resource: BoundResource, index: int) -> Any:
        rep = super().lift_own(resource, index)
        if resource.type.owner is None:
            return rep
        state: Any = self.inst.state
        return state.resource_class(resource)._lifted(state, HostHandle(rep, resource.type))

    def lower_own(self, resource: BoundResource, value: Any) -> int:
        """As for Call. Raises TypeError or HandleError for what is no such resource, HandleLimitError for too many."""
        if resource.type.owner is None:
            _check_host(resource, value)
            return super().lower_own(resource, value)
        number, handle = self._of_guest(resource, value)
        state = self.inst.state
        if state.handles.is_lent(number):
            raise abi.HandleError(f"this {type(value).__name__} is lent to a call that has not ended")
        index = super().lower_own(resource, handle.box)
        state.handles.take(number)
        self._moved.append((number, handle))
        return index

    def lower_borrow(self, resource: BoundResource, value: Any) -> int:
        """As `lower_own`, for the length of this call."""
        if resource.type.owner is None:
            _check_host(resource, value)
            return super().lower_borrow(resource, value)
        number, handle = self._of_guest(resource, value)
        index = super().lower_borrow(resource, handle.box)
        self.inst.state.handles.lend(number)
        self._used.append(number)
        return index

    def _add(self, handle: Handle) -> int:
        if len(self.inst.table) >= MOST:
            raise HandleLimitError(too_many(FULL))
        return super()._add(handle)

    def end(self) -> None:
        super().end()
        state = self.inst.state
        if not self.sent:
            for number, handle in self._moved:
                state.handles.put_back(number, handle)
        for number in self._used:
            state.handles.give_back(number)

    def _of_guest(self, resource: BoundResource, value: Any) -> tuple[int, HostHandle]:
        """The handle that a `GuestResource` holds, and its number."""
        state: Any = self.inst.state
        number = number_of(resource.description, value, state, resource.type)
        handle = state.handles.get(number)
        assert handle is not None
        return number, handle


def _check_host(resource: BoundResource, value: Any) -> None:
    """Refuse what is plainly not such a resource: None, what has yet to run, or an object of another class without its
    methods."""
    fits = resource.type.fits
    refused = value is None or isinstance(value, CoroutineType | AsyncGeneratorType)
    if refused or (fits is not None and not fits(value)):
        raise TypeError(f"expected a {resource.description.name} resource, got {type(value).__name__}")
