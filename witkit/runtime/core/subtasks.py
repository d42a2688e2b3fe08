"""Functions of the type `async func` as guests call them (`CanonicalABI.md`, "canon lower").

A call with the option `async` returns at once, with the result or with a subtask, of which the guest hears later. A
call without it returns when the callee has.
"""

from __future__ import annotations

import inspect
import struct
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from witkit import abi
from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.core.tasks import Task, TaskFunction
from witkit.runtime.core.waitables import RETURNED, STARTED, Subtask

if TYPE_CHECKING:
    from witkit.runtime.core.boundary import Boundary
    from witkit.runtime.core.callbacks import Run
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.runtime.core.roots import Root
    from witkit.runtime.core.turns import Turns

CANNOT_BLOCK: Final = "cannot block a synchronous task before returning"

_I64: Final = struct.Struct("<Q")

End = Callable[[bool, Any], None]
"""Called with whether a function returned, and with the result or with what it raised instead."""

Halves = tuple[Callable[..., Any], Callable[..., Any]]
"""What lifts the arguments of a call, and what lowers its result: see `canonical.tasks.subtask_codec`."""


def root_of(inst: ComponentInstance) -> Root | None:
    """The call of the host's in which a component instance runs, if it is an asynchronous one."""
    return inst.task.root if inst.task is not None else None


def async_call(turns: Turns, boundary: Boundary, halves: Halves, callee: TaskFunction, count: int) -> Run:
    """An asynchronous call of another component instance's function; it has `count` parameters."""
    inst, (take, give) = boundary.inst, halves

    def run(at: int) -> None:
        # The callee may begin later, and the arguments are lifted only then.
        raw, kept_at = capi.buffer(max(count, 1) * capi.RAW)
        raw[:] = capi.ALL[at - 1 : at - 1 + len(raw)]
        subtask, to = Subtask(boundary.begin()), 0

        def begin() -> Any:
            nonlocal to
            arguments, to = take(subtask.handles, kept_at.value)
            subtask.reach(STARTED)
            return arguments

        def end(result: tuple[Any] | None) -> None:
            if result is None:
                subtask.end_cancelled()
            else:
                give(subtask.handles, True, result[0], to)
                subtask.reach(RETURNED)

        task = Task(callee, turns, root_of(inst), begin, end)
        subtask.cancel = task.request_cancel
        turns.begin(task)
        _I64.pack_into(capi.ALL, at - 1, subtask.answer(inst.table))

    return run


def blocking_call(turns: Turns, inst: ComponentInstance, callee: TaskFunction) -> Callable[..., Any]:
    """A call of another component instance's function that returns the result."""

    def call(*arguments: Any) -> Any:
        results: list[Any] = []
        task = Task(callee, turns, root_of(inst), lambda: arguments, lambda result: results.extend(result or ()))
        turns.begin(task)
        if not results:
            if inst.task is None:
                raise Violation(CANNOT_BLOCK)
            turns.block(lambda: bool(results))
        return results[0]

    return call


class ImportedFunction:
    """A function of the host's as guests call it: `target` with the arguments. Its result may have to be awaited."""

    def __init__(
        self, turns: Turns, inst: ComponentInstance, func: abi.Func, target: Callable[..., Any], name: str
    ) -> None:
        self._turns, self._inst, self._func, self._target, self._name = turns, inst, func, target, name
        self._raises = func.raises and isinstance(func.result, abi.Result)

    def asynchronous(self, boundary: Boundary, halves: Halves) -> Run:
        """What runs when the guest calls it with the option `async`."""
        take, give = halves

        def run(at: int) -> None:
            subtask = Subtask(boundary.begin())
            try:
                arguments, to = take(subtask.handles, at)
                subtask.reach(STARTED)

                def end(ok: bool, result: Any) -> None:
                    if not subtask.cancelled:
                        give(subtask.handles, ok, result, to)
                        subtask.reach(RETURNED)

                cancel = self._call(arguments, end)
            except BaseException:
                subtask.handles.end()
                raise
            if cancel is not None:
                subtask.cancel = partial(_cancel, subtask, cancel)
            _I64.pack_into(capi.ALL, at - 1, subtask.answer(self._inst.table))

        return run

    def waiting(self, *arguments: Any) -> Any:
        """The result, for which the guest's call waits. Raises Err if the function did."""
        ends: list[tuple[bool, Any]] = []
        self._call(arguments, lambda ok, result: ends.append((ok, result)))
        if not ends:
            if self._inst.task is None:
                raise Violation(CANNOT_BLOCK)
            self._turns.block(lambda: bool(ends))
        ok, result = ends[0]
        if not ok:
            raise abi.Err(result)
        return result

    def _call(self, arguments: Sequence[Any], end: End) -> Callable[[], object] | None:
        """Call the function; if its result has to be awaited, what stops that."""
        try:
            found = self._target(*arguments)
        except abi.Err as error:
            end(*self._refused(error))
            return None
        if not inspect.isawaitable(found):
            end(True, found)
            return None

        def ended(result: Any, error: BaseException | None) -> None:
            if error is None:
                end(True, result)
            elif isinstance(error, abi.Err):
                end(*self._refused(error))
            else:
                raise error

        return self._turns.jobs.start(found, root_of(self._inst), ended, self._name)

    def _refused(self, error: abi.Err) -> tuple[bool, Any]:
        if not self._raises:
            raise error
        self._inst.state.refused = self._func.name, error.value
        return False, error.value


def _cancel(subtask: Subtask, cancel: Callable[[], object]) -> None:
    """The guest does not want the result of a coroutine any more."""
    cancel()
    subtask.end_cancelled()
