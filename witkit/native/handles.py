"""Handles, with the rules of componentize-py and the component model.

An object for a host's resource has the attributes `handle` and `finalizer` while it owns its handle. `del`, `with` and
garbage collection release the handle. An object that the guest gave to the host is marked until it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from weakref import finalize

from witkit import abi
from witkit.abi import drops
from witkit.abi.calls import note_call
from witkit.abi.traps import GuestTrap
from witkit.abi.values import guest_runs
from witkit.native.binding import Binding, Handle, current
from witkit.native.errors import WouldTrap, would_trap
from witkit.native.scalars import integer

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_GIVEN: Final = "__componentize_py_handle"
_DEAD: Final = "does not hold a handle (any more); the component would trap"


def hold(binding: Binding, guest: Any, value: Any, resource: abi.Resource, *, borrowed: bool = False) -> None:
    """Give `guest` a new handle to a host's object."""
    number = binding.give(value, resource, borrowed=borrowed)
    guest.handle = number
    guest.finalizer = _finalizer(guest, release, binding, number)


def wrap(binding: Binding, value: Any, type_: abi.Own | abi.Borrow) -> Any:
    """A guest's object for a host's resource. Raises `TypeError` if the value cannot be such a resource."""
    if value is None or not binding.fits(value, type_.resource):
        raise TypeError(f"expected a {type_.resource.name} resource, got {type(value).__name__}")
    cls: Any = type_.resource.cls
    guest = object.__new__(cls)
    hold(binding, guest, value, type_.resource, borrowed=isinstance(type_, abi.Borrow))
    return guest


def find(binding: Binding, guest: Any, resource: abi.Resource, place: str) -> tuple[int, Handle]:
    """The handle of a guest's object. Raises `WouldTrap` if it is gone or has another type."""
    try:
        number = integer("u32", guest.handle)
    except Exception:  # the object's attribute may raise anything, which would trap in wasm
        raise WouldTrap(f"{place}: {type(guest).__name__} {_DEAD}") from None
    handle = binding.handles.get(number)
    if handle is None:
        raise WouldTrap(f"{place}: {type(guest).__name__} {_DEAD}")
    if handle.resource is not resource:
        raise WouldTrap(f"{place}: {handle.resource.name} is not {resource.name}; the component would trap")
    return number, handle


def take(binding: Binding, guest: Any, type_: abi.Own | abi.Borrow, place: str, lent: set[int] | None = None) -> Any:
    """The host's object for a guest's handle. An owned handle is removed from the guest.

    `lent` are the handles that the same call lends, which it cannot give away.
    """
    number, handle = find(binding, guest, type_.resource, place)
    if isinstance(type_, abi.Borrow):
        if lent is not None:
            lent.add(number)
        return handle.value
    if handle.borrowed or number in (lent or ()):
        raise WouldTrap(f"{place}: a borrowed handle cannot be given away; the component would trap")
    forget(guest)
    del binding.handles[number]
    return handle.value


@dataclass(frozen=True, slots=True)
class Parcel:
    """A resource on its way through a stream or a future. `guest` is the object that had its handle, if any."""

    value: Any
    type: abi.Own | abi.Borrow
    guest: Any = None

    @classmethod
    def packed(cls, value: Any, type_: abi.Own | abi.Borrow) -> Parcel:
        """A resource that is written: a guest's object gives away its handle; a host's object has none."""
        wanted = type_.resource.cls
        if wanted is None or not isinstance(value, wanted):
            return cls(value, type_)
        return cls(take(current(), value, type_, "what is written"), type_, value)

    def unpacked(self, *, to_host: bool | None) -> Any:
        """The resource for its reader: the host, the guest, or with None the side that has written it."""
        if self.type.resource.cls is None or (to_host if to_host is not None else self.guest is None):
            return self.value
        return wrap(current(), self.value, self.type)

    def restore(self) -> None:
        """Return the handle to the object, because nobody has read it."""
        if self.guest is not None:
            hold(current(), self.guest, self.value, self.type.resource)


def forget(guest: Any) -> None:
    """Take the handle from a guest's object. Raises what the object's attributes raise."""
    del guest.handle
    guest.finalizer.detach()


def release(binding: Binding, number: int) -> None:
    """The guest drops a handle, which can happen at any moment.

    The guest ends if it does not have such a handle, or if the object fails when it is notified.
    """
    handle = binding.handles.pop(number, None)
    if binding.failed is not None:
        return
    if handle is not None and not handle.kept:
        _notify_host(binding, handle)
    if handle is None:
        binding.failed = WouldTrap("the guest released a handle that it no longer holds; the component would trap")


def _notify_host(binding: Binding, handle: Handle) -> None:
    """Notify the host's object that its handle was dropped. This runs code of the host."""
    before = guest_runs.set(False)
    try:
        drops.notify(handle.value)
    except GuestTrap as trap:
        binding.failed = would_trap(trap)
    except BaseException as problem:
        interface = binding.resources.get(handle.resource)
        note_call(problem, f"{interface.name if interface else ''}#[drop]{handle.resource.name}")
        binding.failed = problem
    finally:
        guest_runs.reset(before)


def drop(guest: Any) -> None:
    """End a `with` statement over a resource. Raises `TypeError` if it was already released or given away."""
    detached = guest.finalizer.detach()
    if detached is None:
        message = f"{type(guest).__name__} was released or given away before the end of its `with` statement"
        raise TypeError(f"{message}; the component raises the same")
    _, func, args, _ = detached
    guest.handle = None
    func(*args)
    if args[0].failed is not None:
        raise args[0].failed


def end_loan(binding: Binding, guest: Any, number: int) -> None:
    """End the loan of an object after a call. Raises `WouldTrap` if the guest has released the object."""
    forget(guest)
    release(binding, number)
    if binding.failed is not None:
        raise binding.failed


def give(guest: Any) -> Any:
    """Mark an object that the guest gives to the host. Raises `WouldTrap` if the host already has it."""
    if hasattr(guest, _GIVEN):
        name = type(guest).__name__
        raise WouldTrap(f"this {name} was already given to the host; the component would trap")
    setattr(guest, _GIVEN, 0)
    guest.finalizer = _finalizer(guest, int)
    return guest


def give_back(guest: Any) -> Any:
    """Return the object to the guest."""
    delattr(guest, _GIVEN)
    guest.finalizer.detach()
    return guest


def _finalizer(guest: Any, func: Any, *args: Any) -> Any:
    made = finalize(guest, func, *args)
    made.atexit = False
    return made
