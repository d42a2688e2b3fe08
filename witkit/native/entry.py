"""Calls of a guest's exports, from the host's arguments to the host's result."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn, Self, SupportsIndex

from witkit import abi
from witkit.native import handles
from witkit.native.binding import Binding
from witkit.native.calls import CodeRunning, error_of, has_result_as_value, result_of
from witkit.native.errors import WouldTrap
from witkit.native.values import Crossing

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


class GuestState:
    """The state that all exports of one guest share: its binding, its resource classes, and why it has trapped."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.classes: dict[abi.Resource, type[GuestObject]] = {}
        self.dead = ""

    def check(self) -> None:
        """Raise `WouldTrap` if the guest has trapped, even in a nested call."""
        if self.dead:
            raise WouldTrap(f"the guest cannot be called any more, because it has trapped ({self.dead})")


class GuestObject:
    """A resource that the guest implements, as its host sees it. It has the methods of WIT."""

    _state: GuestState
    _guest: Any
    _is_gone = True

    @classmethod
    def _made(cls, state: GuestState, guest: Any) -> GuestObject:
        """The object for a handle from the guest."""
        return cls.__new__(cls)._fill(state, guest)

    def _fill(self, state: GuestState, guest: Any) -> GuestObject:
        self._state, self._guest, self._is_gone = state, handles.give(guest), False
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        GuestObject.close(self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} objects cannot be copied or pickled: each stands for one handle")

    def close(self) -> None:
        """Drop the handle. As in componentize-py, this does not call the guest."""
        self._is_gone = True


def function(func: abi.Func, host: abi.Func, target: Callable[..., Any], state: GuestState) -> Callable[..., Any]:
    """The guest's function, for callers on the host's side."""

    def call(*arguments: Any) -> Any:
        return GuestCall(func, host, state).run(target, arguments)

    async def call_async(*arguments: Any) -> Any:
        return await GuestCall(func, host, state).run_async(target, arguments)

    chosen = call_async if func.is_async else call
    chosen.__name__, chosen.__doc__ = func.attr, f"The export `{func.name}`."
    return chosen


class GuestCall:
    """One call into the guest. Raises `WouldTrap` if the guest cannot be entered."""

    def __init__(self, func: abi.Func, host: abi.Func, state: GuestState) -> None:
        state.check()
        self.func, self.host, self.state = func, host, state
        self.borrowed: list[tuple[Any, int]] = []
        self.lent: list[GuestObject] = []
        self.moved: list[GuestObject] = []
        state.binding.failed = None

    def run(self, target: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Call `target` with the host's arguments, and return its result for the host."""
        lifted = self.lift(arguments)
        try:
            with CodeRunning(guest=True):
                answer = target(*lifted)
                self.end()
                lowered = self.lower(answer, target)
        except BaseException as problem:
            self.raise_for_host(problem)
        return self._outcome(lowered)

    async def run_async(self, target: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """As `run`, for an `async` function. Loans end after its result was converted."""
        lifted = self.lift(arguments)
        try:
            with CodeRunning(guest=True):
                answer = target(*lifted)
                answer = await answer if inspect.isawaitable(answer) else answer
                lowered = self.lower(answer, target)
                self.end()
        except BaseException as problem:
            self.raise_for_host(problem)
        return self._outcome(lowered)

    def lift(self, arguments: tuple[Any, ...]) -> list[Any]:
        """The host's arguments, converted for the guest. If one is wrong, the host keeps the resources it gave away."""
        if len(arguments) != len(self.func.params):
            count = len(self.func.params)
            raise TypeError(f"`{self.func.name}` takes {count} argument{'s' * (count != 1)}, not {len(arguments)}")
        crossing = Crossing(False, self._to_guest)
        try:
            lifted = [
                crossing.whole(value, theirs.type, mine.type, f"argument `{mine.name}` of `{self.func.name}`")
                for value, mine, theirs in zip(arguments, self.func.params, self.host.params, strict=True)
            ]
            if any(given is lent for given in self.moved for lent in self.lent):
                raise abi.HandleError(f"`{self.func.name}` gives away a resource that the same call lends")
        except BaseException:
            for given in self.moved:
                given._is_gone = False
            raise
        for given in self.moved:
            handles.give_back(given._guest)
        return lifted

    def lend(self, value: Any, resource: abi.Resource) -> Any:
        """The guest's object for one that the host lends. Raises `TypeError` or `ValueError`."""
        self.lent.append(self._held(value, resource))
        return value._guest

    def lower(self, value: Any, target: Callable[..., Any]) -> Any:
        """The result of the guest's function `target`, converted for the host."""
        if self.state.binding.failed is not None:
            raise self.state.binding.failed
        self.state.check()
        mine, theirs = result_of(self.func), result_of(self.host)
        if has_result_as_value(self.func):
            mine, theirs = self.func.result, self.host.result
        try:
            if mine is None and type(value) is abi.Err:
                raise self._dropped()
            return Crossing(True, self._to_host).whole(value, mine, theirs, f"the result of `{self.func.name}`")
        except WouldTrap as trap:
            trap.function = getattr(inspect.unwrap(target), "__code__", None)
            raise

    def _dropped(self) -> WouldTrap:
        """For a returned `Err` that a component would drop, because the function has no value."""
        help = "raise the `Err`, do not return it" if self.func.raises else "the function has no error in WIT"
        what = f"the result of `{self.func.name}` must be None, not Err: {help}"
        return WouldTrap(f"{what}; a component would drop it, so that its host sees a success")

    def _outcome(self, lowered: Any) -> Any:
        """The value for the host. A guest's `Ok` becomes its value, and its `Err` is raised."""
        if not has_result_as_value(self.func):
            return lowered
        if isinstance(lowered, abi.Err):
            raise lowered
        return lowered.value

    def raise_for_host(self, problem: BaseException) -> NoReturn:
        """Raise an exception for the caller: an `Err` if the function may fail, or else a trap.

        An exception from a function of the host is raised as it is, because it is not the guest's fault.
        """
        failed, self.state.binding.failed = self.state.binding.failed, None
        if failed is not None:
            shown = self._trap(failed, is_guest=False)
        elif type(problem) is abi.Err and self.func.raises:
            try:
                with CodeRunning(guest=True):
                    shown = self._error(problem)
            except Exception as trap:
                shown = self._trap(trap)
        else:
            shown = self._trap(problem)
        if shown is problem:
            raise shown
        raise shown from problem

    def end(self) -> None:
        """End the loans of this call."""
        borrowed, self.borrowed = self.borrowed, []
        for guest, number in borrowed:
            handles.end_loan(self.state.binding, guest, number)

    def _trap(self, problem: BaseException, *, is_guest: bool = True) -> BaseException:
        """End the guest. Exceptions that end the program, or cancel an `async` function, are kept as they are."""
        self.state.dead = self.state.dead or f"{type(problem).__name__}: {problem}"
        self.state.binding.end()
        if isinstance(problem, WouldTrap | KeyboardInterrupt | SystemExit) or not is_guest:
            return problem
        if self.func.is_async and not isinstance(problem, Exception):
            return problem
        said = f"`{self.func.name}` raised {type(problem).__name__}: {problem}"
        if isinstance(problem, abi.Err) and not self.func.raises:
            said += ", and has no error in WIT" + (": return it" if has_result_as_value(self.func) else "")
        return WouldTrap(f"{said}; the component would trap")

    def _error(self, problem: abi.Err[Any]) -> Exception:
        self.state.check()
        self.end()
        mine, theirs = error_of(self.func), error_of(self.host)
        place = f"the error of `{self.func.name}`"
        return abi.Err(Crossing(True, self._to_host).whole(problem.value, mine, theirs, place))

    def _held(self, value: Any, resource: abi.Resource) -> GuestObject:
        cls = self.state.classes.get(resource, GuestObject)
        if not isinstance(value, cls):
            raise TypeError(f"expected {resource.name} ({cls.__name__}), got {type(value).__name__}")
        if value._is_gone:
            raise abi.HandleError(f"this {cls.__name__} was closed, or given away to the guest")
        if value._state is not self.state:
            raise abi.HandleError(f"this {cls.__name__} belongs to another guest")
        return value

    def _to_guest(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        if target.resource.cls is None:
            if isinstance(target, abi.Borrow):
                return self.lend(value, target.resource)
            given = self._held(value, target.resource)
            given._is_gone = True
            self.moved.append(given)
            return given._guest
        guest = handles.wrap(self.state.binding, value, target)
        if isinstance(target, abi.Borrow):
            self.borrowed.append((guest, guest.handle))
        return guest

    def _to_host(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        made = self.state.classes.get(source.resource)
        if made is not None:
            return made._made(self.state, value)
        return handles.take(self.state.binding, value, source, f"the result of `{self.func.name}`")
