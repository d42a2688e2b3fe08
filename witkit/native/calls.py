"""Calls from the guest to the host, for the generated bindings."""

from __future__ import annotations

import inspect
from typing import Any

from witkit import abi
from witkit.abi.calls import method_of, note_call
from witkit.abi.traps import GuestTrap
from witkit.abi.values import guest_runs
from witkit.native import handles
from witkit.native.binding import current
from witkit.native.errors import would_trap
from witkit.native.values import Crossing

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


def call(interface: abi.Interface, name: str, *arguments: Any) -> Any:
    """Call an imported function with the guest's values. The first argument of a method is the guest's handle.

    Raises `Err` with the guest's classes, and `WouldTrap` if the component would trap.
    """
    return _Call(interface, name).run(arguments)


async def call_async(interface: abi.Interface, name: str, *arguments: Any) -> Any:
    """Call an imported `async` function. The implementation may be a coroutine function or a plain one."""
    return await _Call(interface, name).run_async(arguments)


def construct(interface: abi.Interface, name: str, new: Any, *arguments: Any) -> None:
    """Call a constructor, and make `new`, an object of the guest's class, the handle to its result."""
    crossing = _Call(interface, name)
    assert crossing.func.resource is not None
    handles.hold(crossing.binding, new, crossing.run(arguments), crossing.func.resource)


class _Call:
    def __init__(self, interface: abi.Interface, name: str) -> None:
        self.binding, self.interface = current(), interface
        self.func = find(interface, name)
        self.lent: set[int] = set()
        self.implementation = self.binding.implementation(interface, name)
        host = self.binding.host(interface)
        known = {func.name: func for func in host.functions} if host else {}
        self.host = known.get(name, self.func)

    def run(self, arguments: tuple[Any, ...]) -> Any:
        try:
            target, lowered = self._target(arguments)
            with CodeRunning(guest=False), _Noted(self.interface, self.func):
                answer = target(*lowered)
            return self.lift(answer)
        except BaseException as problem:
            shown = self._as_guest_sees(problem)
            if isinstance(shown, abi.Err) and has_result_as_value(self.func):
                return shown
            if shown is problem:
                raise
            raise shown from problem

    async def run_async(self, arguments: tuple[Any, ...]) -> Any:
        try:
            target, lowered = self._target(arguments)
            with CodeRunning(guest=False), _Noted(self.interface, self.func):
                answer = target(*lowered)
                answer = await answer if inspect.isawaitable(answer) else answer
            return self.lift(answer)
        except Exception as problem:
            shown = self._as_guest_sees(problem)
            if isinstance(shown, abi.Err) and has_result_as_value(self.func):
                return shown
            if shown is problem:
                raise
            raise shown from problem

    def _target(self, arguments: tuple[Any, ...]) -> tuple[Any, list[Any]]:
        """The host's function, and its arguments."""
        if self.func.kind == "method":
            handle = self._own_handle(arguments[0])
            target, lowered = self._found(handle, self.func.attr), self.lower(arguments[1:])
            return self._observed(method_of(self.func), [handle, *lowered]) or (target, lowered)
        owner = self.implementation
        if self.func.resource is not None:
            owner = self._found(owner, self.func.resource.attr)
        target = owner if self.func.kind == "constructor" else self._found(owner, self.func.attr)
        lowered = self.lower(arguments)
        return self._observed(target, lowered) or (target, lowered)

    def _observed(self, target: Any, arguments: list[Any]) -> tuple[Any, list[Any]] | None:
        """What is called in place of `target` if the interface is observed. A method has its object in `arguments`."""
        observe = self.binding.observe
        if observe is None or not self.binding.is_observed(self.interface):
            return None
        return observe(self.interface.name, self.host, target), arguments

    def _found(self, owner: Any, name: str) -> Any:
        try:
            return getattr(owner, name)
        except AttributeError:
            kind = owner.__name__ if isinstance(owner, type) else f"{type(owner).__name__} object"
            problem = TypeError(f"`{self.func.name}` needs `{name}`, but the {kind} that is bound does not have it")
            note_call(problem, f"{self.interface.name}#{self.func.name}")
            raise problem from None

    def _own_handle(self, guest: Any) -> Any:
        assert self.func.resource is not None
        number, handle = handles.find(self.binding, guest, self.func.resource, f"`self` of `{self.func.name}`")
        self.lent.add(number)
        return handle.value

    def lower(self, arguments: tuple[Any, ...]) -> list[Any]:
        """The guest's arguments, converted for the host."""
        crossing = Crossing(True, self._to_host)
        return [
            crossing.whole(value, mine.type, theirs.type, f"argument `{mine.name}` of `{self.func.name}`")
            for value, mine, theirs in zip(arguments, self.func.params, self.host.params, strict=True)
        ]

    def lift(self, value: Any) -> Any:
        """The host's result, converted for the guest."""
        if self.func.kind == "constructor":
            return value
        if self.func.result is None:
            return None  # ignore what the implementation returned
        mine, theirs = result_of(self.func), result_of(self.host)
        with _Noted(self.interface, self.func):
            lifted = Crossing(False, self._to_guest).whole(value, theirs, mine, f"the result of `{self.func.name}`")
        return abi.Ok(lifted) if has_result_as_value(self.func) else lifted

    def _as_guest_sees(self, problem: BaseException) -> BaseException:
        """The exception to raise in the guest. All but an `Err` end the guest, even if it catches them."""
        if isinstance(problem, GuestTrap):
            problem = would_trap(problem)
        elif isinstance(problem, abi.Err) and not isinstance(self.func.result, abi.Result):
            problem.add_note(f"`{self.func.name}` cannot fail in WIT, but its implementation raised an error")
        elif isinstance(problem, abi.Err):
            self.binding.refused = self.func.name, problem.value
            try:
                return self._lifted(problem)
            except Exception as wrong:
                problem = wrong
        self.binding.failed = problem
        return problem

    def _lifted(self, error: abi.Err[Any]) -> Exception:
        mine, theirs = error_of(self.func), error_of(self.host)
        place = f"the error of `{self.func.name}`"
        with _Noted(self.interface, self.func):
            return abi.Err(Crossing(False, self._to_guest).whole(error.value, theirs, mine, place))

    def _to_host(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        if source.resource.cls is None:
            return value  # the guest's own object: it stays one in the same process
        return handles.take(self.binding, value, source, f"a handle given to `{self.func.name}`", self.lent)

    def _to_guest(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        return value if target.resource.cls is None else handles.wrap(self.binding, value, target)


class _Noted:
    """Adds a note that an exception, other than an error of the interface, comes from a function of the host."""

    __slots__ = ("_call",)

    def __init__(self, interface: abi.Interface, func: abi.Func) -> None:
        self._call = f"{interface.name}#{func.name}"

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if problem is not None and not isinstance(problem, abi.Err):
            note_call(problem, self._call)


class CodeRunning:
    """Records whether the guest's or the host's code runs: an `Err` is immutable while the guest runs.

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
    """The function with this name."""
    return next(func for func in interface.functions if func.name == name)


def has_result_as_value(func: abi.Func) -> bool:
    """Whether the guest uses `Ok` and `Err` as values, while the host returns and raises.

    This is the case if the type of the function's result is an alias of a `result` type.
    """
    return isinstance(func.result, abi.Result) and not func.raises


def result_of(func: abi.Func) -> abi.Type | None:
    """The type of the value that a host returns."""
    return func.result.ok if isinstance(func.result, abi.Result) else func.result


def error_of(func: abi.Func) -> abi.Type | None:
    """The type of the error that a host raises."""
    return func.result.err if isinstance(func.result, abi.Result) else None
