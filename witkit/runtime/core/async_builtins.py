"""The canonical built-ins of tasks, subtasks and waitable sets (`CanonicalABI.md`, "Canonical Definitions")."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.core.subtasks import CANNOT_BLOCK
from witkit.runtime.core.tasks import CANCEL_PENDING, Task
from witkit.runtime.core.waitables import BLOCKED, CANCELLED, NOTHING, Event, Subtask, Waitable, WaitableSet
from witkit.wasm.subtyping import is_same

if TYPE_CHECKING:
    from witkit.runtime.core.callbacks import Run
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.runtime.core.turns import Turns
    from witkit.wasm.plan import Canon

_I32: Final = struct.Struct("<I")
_I64: Final = struct.Struct("<Q")
_TWO: Final = struct.Struct("<I12xI")
_PAYLOAD: Final = struct.Struct("<II")

Make = Callable[["Canon", "ComponentInstance", "Turns", Any], "Run"]


def _task_return(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    fitting: set[Any] = set()

    def run(at: int) -> None:
        task = inst.task
        if task is None or task.callee.lift not in fitting:
            if task is None or not _fits(canon, task):
                raise Violation("invalid `task.return` signature and/or options for current task")
            fitting.add(task.callee.lift)
        task.returned(at)

    return run


def _fits(canon: Canon, task: Task) -> bool:
    """Whether a `task.return` is for the result of the task. One that needs no memory may be without."""
    lift = task.callee.lift
    if not lift.options.is_async or not is_same(lift.type.result, canon.type):  # type: ignore[arg-type]
        return False
    given = canon.options.memory
    return canon.options.encoding == lift.options.encoding and (given is None or given is lift.options.memory)


def _task_cancel(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    def run(at: int) -> None:
        if inst.task is None or not inst.task.callee.lift.options.is_async:
            raise Violation("`task.cancel` called by task which has not been cancelled")
        inst.task.cancelled()

    return run


def _yield(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    cancellable = canon.options.is_async

    def run(at: int) -> None:
        stop = False
        if inst.task is not None:
            turns.give_way()
            stop = cancellable and inst.task.deliver_cancel()
        _I64.pack_into(capi.ALL, at - 1, stop)

    return run


def _suspend(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    """Wait to be resumed. Only a thread that the guest made could do that, and those are not carried."""
    cancellable = canon.options.is_async

    def run(at: int) -> None:
        task = inst.task
        if task is None:
            raise Violation(CANNOT_BLOCK)
        turns.block(lambda: cancellable and task.state == CANCEL_PENDING)
        _I64.pack_into(capi.ALL, at - 1, task.deliver_cancel())

    return run


def _set_new(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    def run(at: int) -> None:
        _I64.pack_into(capi.ALL, at - 1, inst.table.add(WaitableSet()))

    return run


def _telling(canon: Canon, inst: ComponentInstance, memory: Any, find: Callable[[WaitableSet, bool], Event]) -> Run:
    """A built-in that writes an event of a set; `find` is given the set, and whether the call may be cancelled."""
    cancellable = canon.options.is_async

    def run(at: int) -> None:
        index, to = _TWO.unpack_from(capi.ALL, at - 1)
        _tell(at, memory, to, find(inst.table.entry(WaitableSet, index), cancellable))

    return run


def _set_wait(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    return _telling(canon, inst, memory, lambda members, may_end: _waited(inst.task, turns, members, may_end))


def _waited(task: Task | None, turns: Turns, members: WaitableSet, cancellable: bool) -> Event:
    """The next event of a set, for which a call waits."""
    if cancellable and task is not None and task.deliver_cancel():
        return CANCELLED
    if (event := members.take()) is not None:
        return event
    if task is None:
        raise Violation(CANNOT_BLOCK)
    members.waiting += 1
    turns.block(lambda: members.has_event() or (cancellable and task.state == CANCEL_PENDING))
    members.waiting -= 1
    if cancellable and task.deliver_cancel():
        return CANCELLED
    event = members.take()
    assert event is not None
    return event


def _set_poll(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    def polled(members: WaitableSet, cancellable: bool) -> Event:
        if cancellable and inst.task is not None and inst.task.deliver_cancel():
            return CANCELLED
        return members.take() or NOTHING

    return _telling(canon, inst, memory, polled)


def _tell(at: int, memory: Any, to: int, event: Event) -> None:
    """Put an event where the guest finds it: what it is as the result, the rest in memory."""
    if to & 3:
        raise Violation("unaligned pointer")
    code, *rest = event
    _PAYLOAD.pack_into(memory.span(to, _PAYLOAD.size), to, *rest)
    _I64.pack_into(capi.ALL, at - 1, code)


def _set_drop(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    def run(at: int) -> None:
        (index,) = _I32.unpack_from(capi.ALL, at - 1)
        inst.table.entry(WaitableSet, index).drop()
        inst.table.discard(index)

    return run


def _join(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    def run(at: int) -> None:
        index, to = _TWO.unpack_from(capi.ALL, at - 1)
        waitable = inst.table.entry(Waitable, index)
        waitable.join(inst.table.entry(WaitableSet, to) if to else None)

    return run


def _subtask_cancel(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    is_async = canon.options.is_async

    def run(at: int) -> None:
        (index,) = _I32.unpack_from(capi.ALL, at - 1)
        subtask = inst.table.entry(Subtask, index)
        if subtask.delivered or subtask.cancelled:
            raise Violation("`subtask.cancel` called after terminal status delivered")
        if subtask.members is not None and not is_async:
            raise Violation("waitable cannot be used synchronously while added to a waitable set")
        if not subtask.ended:
            subtask.cancelled = True
            subtask.cancel()
        answer = BLOCKED if is_async and not subtask.ended else _ended(inst.task, turns, subtask)
        _I64.pack_into(capi.ALL, at - 1, answer)

    return run


def _ended(task: Task | None, turns: Turns, subtask: Subtask) -> int:
    """The state that a subtask ends in, for which a call waits."""
    if not subtask.ended:
        if task is None:
            raise Violation(CANNOT_BLOCK)
        subtask.awaited = True
        turns.block(lambda: subtask.ended)
        subtask.awaited = False
    return subtask.take()[2]


def _subtask_drop(canon: Canon, inst: ComponentInstance, turns: Turns, memory: Any) -> Run:
    def run(at: int) -> None:
        (index,) = _I32.unpack_from(capi.ALL, at - 1)
        inst.table.entry(Subtask, index).drop()
        inst.table.discard(index)

    return run


ASYNC_BUILT_INS: Final[dict[str, Make]] = {
    "task.return": _task_return,
    "task.cancel": _task_cancel,
    "thread.yield": _yield,
    "thread.suspend": _suspend,
    "waitable-set.new": _set_new,
    "waitable-set.wait": _set_wait,
    "waitable-set.poll": _set_poll,
    "waitable-set.drop": _set_drop,
    "waitable.join": _join,
    "subtask.cancel": _subtask_cancel,
    "subtask.drop": _subtask_drop,
}
"""Makes what runs for a built-in of a component instance, by its kind. The memory is that of its options."""
