"""Tasks: the calls of functions of the type `async func` (`CanonicalABI.md`, "Task State" and "canon lift").

A function that is lifted with a callback runs in steps. Each is a core call of its own: the first begins it, and each
of the others brings it an event. Between two steps nothing of it is on a stack, so that any number of tasks of an
instance can be under way. A function without a callback runs in one step, in which it may wait (see `turns`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.core.waitables import CANCELLED, NOTHING, Event, WaitableSet

if TYPE_CHECKING:
    from witkit.runtime.core.boundary import Boundary
    from witkit.runtime.core.roots import Root
    from witkit.runtime.core.state import Core
    from witkit.runtime.core.turns import Turns
    from witkit.wasm.plan import Lift

INITIAL, BEGUN, CANCEL_PENDING, CANCEL_DELIVERED, RESOLVED = range(5)
"""The states of a task. It is resolved when it has returned its result, or confirmed that it was cancelled."""

EXIT, YIELD, WAIT = range(3)
"""What a core function with a callback answers: it has ended, or wants to be called back."""

_EVENT: Final = struct.Struct("<I12xI12xI")
_CODE: Final = struct.Struct("<I")

Ending: TypeAlias = "Callable[[tuple[Any] | None], None]"
"""Called once with the result, or with None if the task was cancelled."""


class TaskFunction:
    """A lifted function of one instance whose calls are tasks.

    `start(handles, *arguments)` makes the core call that begins it, `take(handles, address)` lifts what `task.return`
    is called with, `callback(event)` makes one of the calls that follow. A function that is lifted without the option
    `async` has none of these, but `call(*arguments)` for its result. Tasks of functions that need their instance for
    themselves while they run are `exclusive`.
    """

    __slots__ = ("boundary", "call", "callback", "inst", "lift", "name", "start", "take")

    def __init__(self, lift: Lift, boundary: Boundary, name: str) -> None:
        self.lift, self.boundary, self.inst, self.name = lift, boundary, boundary.inst, name
        self.start: Callable[..., int | None] | None = None
        self.take: Callable[[Any, int], Any] | None = None
        self.callback: Callable[[Event], int] | None = None
        self.call: Callable[..., Any] | None = None

    @property
    def exclusive(self) -> bool:
        return self.callback is not None or self.call is not None


def callback_of(core: Core) -> Callable[[Event], int]:
    """A callback's core function, called with an event."""
    spare: list[tuple[bytearray, Any, Callable[[], None]]] = []

    def call(event: Event) -> int:
        if spare:
            raw, at, run = kept = spare.pop()
        else:
            raw, at = capi.buffer(3 * capi.RAW)
            kept = raw, at, (run := core(at.value, 3))
        _EVENT.pack_into(raw, 0, *event)
        run()
        spare.append(kept)
        return int(_CODE.unpack_from(raw)[0])

    return call


class Task:
    """One call of a callee. `root` is the call of the host's that led to it, if there is one.

    `begin` gives the arguments when the task may enter the instance. `waits` is the set that it waits with between two
    steps; `context` is its storage.
    """

    __slots__ = ("_begin", "_end", "callee", "context", "handles", "root", "state", "suspended", "turns", "waits")

    def __init__(
        self, callee: TaskFunction, turns: Turns, root: Root | None, begin: Callable[[], Sequence[Any]], end: Ending
    ) -> None:
        self.callee, self.turns, self.root = callee, turns, root
        self._begin, self._end = begin, end
        self.state, self.context = INITIAL, [0, 0]
        self.handles = callee.boundary.begin()
        self.suspended = False
        self.waits: WaitableSet | None = None

    # ---- steps ----------------------------------------------------------------------------------

    def may_run(self) -> bool:
        """Whether the instance is free for the next step, or lets a new task enter."""
        inst = self.callee.inst
        if self.callee.exclusive and inst.exclusive is not None:
            return False
        return self.state != INITIAL or not inst.backpressure

    def run(self) -> None:
        """Make the next step. Raises whatever stops the guest."""
        if self.state == INITIAL:
            self._step(self._first)
        elif (event := self._event()) is not None:
            self._call_back(event)

    def _step(self, step: Callable[[], int]) -> None:
        """Make a core call as this task, and do what it answers."""
        inst = self.callee.inst
        outer, inst.task, inst.context = (inst.task, inst.context), self, self.context
        if self.callee.exclusive:
            inst.exclusive = self
        self.turns.steps += 1
        try:
            code = step()
        finally:
            self.turns.steps -= 1
            inst.task, inst.context = outer
            if inst.exclusive is self:
                inst.exclusive = None
            self.turns.admit(inst)
        self._answered(code)

    def _first(self) -> int:
        callee, arguments = self.callee, self._begin()
        self.state = BEGUN
        if callee.call is not None:
            self._resolve((callee.call(*arguments),))
            return EXIT
        assert callee.start is not None
        try:
            code = callee.start(self.handles, *arguments)
        except BaseException:
            if self.state != RESOLVED:
                self.handles.end()
            raise
        return EXIT if code is None else code

    def _answered(self, answer: int) -> None:
        code = answer & 15
        if code == EXIT:
            if self.state != RESOLVED:
                raise Violation("async-lifted export failed to produce a result")
            return
        if code not in (YIELD, WAIT):
            raise Violation("unsupported callback code")
        self.suspended = True
        if code == WAIT:
            self.waits = self.callee.inst.table.entry(WaitableSet, answer >> 4)
            self.waits.waiting += 1
        self._suspend()

    def _suspend(self) -> None:
        if self.waits is None or self.waits.has_event() or self.state == CANCEL_PENDING:
            self.turns.schedule(self)
        else:
            self.waits.waiters.append(self._wake)

    def _wake(self) -> None:
        self.turns.schedule(self)

    def _event(self) -> Event | None:
        """What to call back with. Without any event the task waits on."""
        if self.deliver_cancel():
            return CANCELLED
        if self.waits is None:
            return NOTHING
        event = self.waits.take()
        if event is None:
            self._suspend()
        return event

    def _call_back(self, event: Event) -> None:
        callback = self.callee.callback
        assert callback is not None
        self.suspended = False
        if self.waits is not None:
            self.waits.waiting -= 1
            if event == CANCELLED:
                self.waits.pass_on()
            self.waits = None
        self._step(lambda: callback(event))

    # ---- how it ends ----------------------------------------------------------------------------

    def returned(self, at: int) -> None:
        """The built-in `task.return`, called with the raw values at an address."""
        if self.state == RESOLVED:
            raise Violation("`task.return` or `task.cancel` called more than once for current task")
        assert self.callee.take is not None
        self._resolve((self.callee.take(self.handles, at),))

    def cancelled(self) -> None:
        """The built-in `task.cancel`."""
        if self.state == RESOLVED:
            raise Violation("`task.return` or `task.cancel` called more than once for current task")
        if self.state != CANCEL_DELIVERED:
            raise Violation("`task.cancel` called by task which has not been cancelled")
        self._resolve(None)

    def _resolve(self, result: tuple[Any] | None) -> None:
        self.handles.returned()
        self.state = RESOLVED
        self.handles.end()
        self._end(result)

    # ---- cancelling -----------------------------------------------------------------------------

    def request_cancel(self) -> None:
        """The caller does not want the result any more."""
        inst = self.callee.inst
        if self.state == INITIAL:
            self.turns.leave(self)
            self.state = RESOLVED
            self._end(None)
        elif self.suspended and inst.exclusive is None:
            self._stop_waiting()
            self.turns.unschedule(self)
            self.state = CANCEL_DELIVERED
            self._call_back(CANCELLED)
        else:
            self.state = CANCEL_PENDING
            if self.suspended and self._stop_waiting():
                self.turns.schedule(self)  # for when the instance is free

    def _stop_waiting(self) -> bool:
        """The task need not be woken any more; gives whether it still was to be."""
        if self.waits is None or self._wake not in self.waits.waiters:
            return False
        self.waits.waiters.remove(self._wake)
        return True

    def deliver_cancel(self) -> bool:
        """Whether the task learns now that it is to stop."""
        if self.state != CANCEL_PENDING:
            return False
        self.state = CANCEL_DELIVERED
        return True
