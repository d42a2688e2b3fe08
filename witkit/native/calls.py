"""From the guest to the host: what the generated bindings call."""

from __future__ import annotations

import inspect
from typing import Any

from witkit import abi
from witkit.abi.values import guest_runs
from witkit.native.binding import Binding, current
from witkit.native.errors import WouldTrap
from witkit.native.values import Crossing

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


def call(interface: abi.Interface, name: str, *arguments: Any) -> Any:
    """Call an imported function with the guest's values; a method's first argument is the guest's handle.

    Raises `Err` as the guest sees it, `WouldTrap` for what would stop the component.
    """
    return _Call(interface, name).run(arguments)


async def call_async(interface: abi.Interface, name: str, *arguments: Any) -> Any:
    """Call an imported `async` function; the implementation may be a coroutine function or a plain one."""
    return await _Call(interface, name).run_async(arguments)


def construct(interface: abi.Interface, name: str, new: Any, *arguments: Any) -> None:
    """Call a constructor and make `new`, an object of the guest's class, the handle to what it made."""
    crossing = _Call(interface, name)
    assert crossing.func.resource is not None
    new.handle = crossing.binding.give(crossing.run(arguments), crossing.func.resource)


def drop(guest: Any) -> None:
    """The guest releases a resource. Using it afterwards would trap."""
    number = guest.__dict__.pop("handle", None)
    if number is not None:
        current().handles.pop(number, None)


class _Call:
    def __init__(self, interface: abi.Interface, name: str) -> None:
        self.binding = current()
        self.func = find(interface, name)
        self.lent: set[int] = set()
        self.implementation = self.binding.implementation(interface)
        host = self.binding.host(interface)
        known = {func.name: func for func in host.functions} if host else {}
        self.host = known.get(name, self.func)

    def run(self, arguments: tuple[Any, ...]) -> Any:
        try:
            target, lowered = self._target(arguments)
            with Running(guest=False):
                answer = target(*lowered)
            return self.lift(answer)
        except Exception as problem:
            told = self._told(problem)
            if told is problem:
                raise
            raise told from problem

    async def run_async(self, arguments: tuple[Any, ...]) -> Any:
        try:
            target, lowered = self._target(arguments)
            with Running(guest=False):
                answer = target(*lowered)
                answer = await answer if inspect.isawaitable(answer) else answer
            return self.lift(answer)
        except Exception as problem:
            told = self._told(problem)
            if told is problem:
                raise
            raise told from problem

    def _target(self, arguments: tuple[Any, ...]) -> tuple[Any, list[Any]]:
        """The host's function, and its arguments."""
        if self.func.kind == "method":
            handle = self._own_handle(arguments[0])
            return self._found(handle, self.func.attr), self.lower(arguments[1:])
        owner = self.implementation
        if self.func.resource is not None:
            owner = self._found(owner, self.func.resource.attr)
        is_constructor = self.func.kind == "constructor"
        return owner if is_constructor else self._found(owner, self.func.attr), self.lower(arguments)

    def _found(self, owner: Any, name: str) -> Any:
        try:
            return getattr(owner, name)
        except AttributeError:
            kind = owner.__name__ if isinstance(owner, type) else f"{type(owner).__name__} object"
            message = f"`{self.func.name}` needs `{name}`, which the {kind} that is bound here has not"
            raise TypeError(message) from None

    def _own_handle(self, guest: Any) -> Any:
        assert self.func.resource is not None
        handle = find_handle(self.binding, guest, self.func.resource, f"`self` of `{self.func.name}`")
        self.lent.add(guest.handle)
        return handle.value

    def lower(self, arguments: tuple[Any, ...]) -> list[Any]:
        """The guest's arguments as the host takes them."""
        crossing = Crossing(True, self._to_host)
        return [
            crossing.carry(value, mine.type, theirs.type, f"argument `{mine.name}` of `{self.func.name}`")
            for value, mine, theirs in zip(arguments, self.func.params, self.host.params, strict=True)
        ]

    def lift(self, value: Any) -> Any:
        """The host's answer as the guest gets it."""
        if self.func.kind == "constructor":
            return value
        ok, theirs = result_of(self.func), result_of(self.host)
        return Crossing(False, self._to_guest).optional(value, theirs, ok, f"the result of `{self.func.name}`")

    def _told(self, problem: Exception) -> Exception:
        """What the guest gets to see. All but an `Err` is the end of it, even if it catches that."""
        if isinstance(problem, abi.Err):
            try:
                return self._lifted(problem)
            except TypeError as wrong:
                problem = wrong
        self.binding.failed = problem
        return problem

    def _lifted(self, error: abi.Err[Any]) -> Exception:
        if not self.func.raises:
            raise TypeError(f"`{self.func.name}` has no error to give, but its implementation raised {error!r}")
        mine, theirs = error_of(self.func), error_of(self.host)
        place = f"the error of `{self.func.name}`"
        return abi.Err(Crossing(False, self._to_guest).optional(error.value, theirs, mine, place))

    def _to_host(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        return take(self.binding, value, source, f"a handle given to `{self.func.name}`", self.lent)

    def _to_guest(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        return wrap(self.binding, value, target)


class Running:
    """Tells whose code runs, the guest's or the host's: an `Err` cannot be changed while the guest's does.

    A class, since a `contextlib.contextmanager` changes the exceptions that pass through it.
    """

    __slots__ = ("_before", "_guest")

    def __init__(self, *, guest: bool) -> None:
        self._guest = guest

    def __enter__(self) -> None:
        self._before = guest_runs.set(self._guest)

    def __exit__(self, *exc: object) -> None:
        guest_runs.reset(self._before)


def find(interface: abi.Interface, name: str) -> abi.Func:
    """The function of that name."""
    return next(func for func in interface.functions if func.name == name)


def find_handle(binding: Binding, guest: Any, resource: abi.Resource, place: str) -> Any:
    """The handle behind a guest's object. Raises `WouldTrap` if it is gone or of another type."""
    number = getattr(guest, "handle", None)
    handle = binding.handles.get(number) if isinstance(number, int) else None
    if handle is None:
        raise WouldTrap(f"{place}: {type(guest).__name__} holds no handle (any more); the component would trap")
    if handle.resource is not resource:
        raise WouldTrap(f"{place}: {handle.resource.name} is not {resource.name}; the component would trap")
    return handle


def take(binding: Binding, guest: Any, type_: abi.Own | abi.Borrow, place: str, lent: set[int] | None = None) -> Any:
    """The host's object behind a guest's handle; an owned handle is the guest's no more.

    `lent` are the handles that the same call lends: none of them can be given away by it.
    """
    if type_.resource.cls is None:
        return guest
    handle = find_handle(binding, guest, type_.resource, place)
    if isinstance(type_, abi.Borrow):
        if lent is not None:
            lent.add(guest.handle)
    else:
        if handle.borrowed or guest.handle in (lent or ()):
            raise WouldTrap(f"{place}: a borrowed handle cannot be given away; the component would trap")
        del binding.handles[guest.__dict__.pop("handle")]
    return handle.value


def wrap(binding: Binding, value: Any, type_: abi.Own | abi.Borrow) -> Any:
    """A guest's object for a host's resource, or the guest's own object where it implements the resource."""
    cls = type_.resource.cls
    if cls is None:
        return value
    guest: Any = object.__new__(cls)
    guest.handle = binding.give(value, type_.resource, borrowed=isinstance(type_, abi.Borrow))
    return guest


def result_of(func: abi.Func) -> abi.Type | None:
    return func.result.ok if func.raises and isinstance(func.result, abi.Result) else func.result


def error_of(func: abi.Func) -> abi.Type | None:
    return func.result.err if isinstance(func.result, abi.Result) else None
