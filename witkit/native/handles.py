"""Handles, kept as componentize-py and the component model keep them.

An object for a host's resource has the attributes `handle` and `finalizer` while it has its handle: `del`, `with` and
the end of its life release it. An object of the guest's own that was given to the host is marked until it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from weakref import finalize

from witkit import abi
from witkit.abi import drops
from witkit.abi.calls import note_call
from witkit.abi.values import guest_runs
from witkit.native.binding import Binding, Handle, current
from witkit.native.errors import WouldTrap
from witkit.native.scalars import integer
from witkit.native.wasi.poll import Pollable
from witkit.native.wasi.streams import InputStream, OutputStream

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_GIVEN: Final = "__componentize_py_handle"
_DEAD: Final = "holds no handle (any more); the component would trap"


def hold(binding: Binding, guest: Any, value: Any, resource: abi.Resource, *, borrowed: bool = False) -> None:
    """Make `guest` the owner of a new handle to a host's object."""
    number = binding.give(value, resource, borrowed=borrowed)
    guest.handle = number
    guest.finalizer = _finalizer(guest, release, binding, number)


def wrap(binding: Binding, value: Any, type_: abi.Own | abi.Borrow) -> Any:
    """A guest's object for a host's resource. Raises `TypeError` for what is plainly no such resource."""
    if value is None or not binding.fits(value, type_.resource):
        raise TypeError(f"expected a {type_.resource.name} resource, got {type(value).__name__}")
    cls: Any = type_.resource.cls
    guest = object.__new__(cls)
    hold(binding, guest, value, type_.resource, borrowed=isinstance(type_, abi.Borrow))
    return guest


def find(binding: Binding, guest: Any, resource: abi.Resource, place: str) -> tuple[int, Handle]:
    """The handle behind a guest's object. Raises `WouldTrap` if it is gone or of another type."""
    try:
        number = integer("u32", guest.handle)
    except Exception:  # whatever the object's attribute does: wasm would stop there
        raise WouldTrap(f"{place}: {type(guest).__name__} {_DEAD}") from None
    handle = binding.handles.get(number)
    if handle is None:
        raise WouldTrap(f"{place}: {type(guest).__name__} {_DEAD}")
    if handle.resource is not resource:
        raise WouldTrap(f"{place}: {handle.resource.name} is not {resource.name}; the component would trap")
    return number, handle


def take(binding: Binding, guest: Any, type_: abi.Own | abi.Borrow, place: str, lent: set[int] | None = None) -> Any:
    """The host's object behind a guest's handle; an owned handle is the guest's no more.

    `lent` are the handles that the same call lends: none of them can be given away by it.
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
    """A resource on its way through a stream or a future; `guest` is the object that had its handle, if one had."""

    value: Any
    type: abi.Own | abi.Borrow
    guest: Any = None

    @classmethod
    def packed(cls, value: Any, type_: abi.Own | abi.Borrow) -> Parcel:
        """What is written: a guest's object gives its handle away, a host's has none."""
        wanted = type_.resource.cls
        if wanted is None or not isinstance(value, wanted):
            return cls(value, type_)
        return cls(take(current(), value, type_, "what is written"), type_, value)

    def unpacked(self, *, to_host: bool | None) -> Any:
        """What is read, by the host or by the guest; None is the side that has written."""
        if self.type.resource.cls is None or (to_host if to_host is not None else self.guest is None):
            return self.value
        return wrap(current(), self.value, self.type)

    def restore(self) -> None:
        """Nobody has read it: the object has its handle again."""
        if self.guest is not None:
            hold(current(), self.guest, self.value, self.type.resource)


def forget(guest: Any) -> None:
    """Take the handle from a guest's object, which has it no more. Raises what the object's attributes raise."""
    del guest.handle
    guest.finalizer.detach()


def release(binding: Binding, number: int) -> None:
    """The guest drops a handle, perhaps in the middle of anything.

    It is the end of the guest that it has no such handle, that it still has a pollable made from it, or that the
    object fails when it hears of it.
    """
    handle = binding.handles.pop(number, None)
    if binding.failed is not None:
        return
    if handle is not None and not handle.kept:
        _tell(binding, handle)
    if handle is None:
        binding.failed = WouldTrap("a handle was released that the guest holds no more; the component would trap")
    elif isinstance(handle.value, InputStream | OutputStream) and _has_pollable(binding, handle.value):
        name = handle.resource.name
        message = f"the {name} was released while a pollable made from it was in use; the component would trap"
        binding.failed = WouldTrap(f"{message}: release the pollable first, with a `with` statement around its use")


def _tell(binding: Binding, handle: Handle) -> None:
    """Let the host's object know of the end of its handle; it is the host's code that runs then."""
    before = guest_runs.set(False)
    try:
        drops.notify(handle.value)
    except BaseException as problem:
        interface = binding.resources.get(handle.resource)
        note_call(problem, f"{interface.name if interface else ''}#[drop]{handle.resource.name}")
        binding.failed = problem
    finally:
        guest_runs.reset(before)


def _has_pollable(binding: Binding, stream: Any) -> bool:
    held = list(binding.handles.values())  # what is released meanwhile would change them
    return any(isinstance(other.value, Pollable) and other.value.parent is stream for other in held)


def drop(guest: Any) -> None:
    """The end of a `with` statement over a resource. Raises `TypeError` if it was released or given away before."""
    detached = guest.finalizer.detach()
    if detached is None:
        message = f"{type(guest).__name__} was released or given away before: a `with` statement must end with it alive"
        raise TypeError(f"{message}; the component raises the same")
    _, func, args, _ = detached
    guest.handle = None
    func(*args)
    if args[0].failed is not None:
        raise args[0].failed


def end_loan(binding: Binding, guest: Any, number: int) -> None:
    """The end of a call for an object that was lent for it. Raises where the component would trap: it released it."""
    forget(guest)
    release(binding, number)
    if binding.failed is not None:
        raise binding.failed


def give(guest: Any) -> Any:
    """Mark an object of the guest's own that goes to the host. Raises `WouldTrap` if the host has it already."""
    if hasattr(guest, _GIVEN):
        name = type(guest).__name__
        raise WouldTrap(f"this {name} was given to the host before, and is not the guest's; the component would trap")
    setattr(guest, _GIVEN, 0)
    guest.finalizer = _finalizer(guest, int)
    return guest


def give_back(guest: Any) -> Any:
    """The object is the guest's again."""
    delattr(guest, _GIVEN)
    guest.finalizer.detach()
    return guest


def _finalizer(guest: Any, func: Any, *args: Any) -> Any:
    made = finalize(guest, func, *args)
    made.atexit = False
    return made
