"""Whose turn it is: the tasks of one store that can go on, the calls of the host's that await them, and the event loop.

The loop makes one step after the other, each with the store to itself. A step that waits within its core call (a
function without a callback, or a call that is not asynchronous) makes the steps of other tasks meanwhile, on top of
its own stack. It goes on when they have returned. What only the loop could bring, such as the end of a coroutine of
the host's, cannot be awaited in this way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from witkit.abi.traps import GuestExit, GuestTrap
from witkit.canonical.errors import NotCarried, Violation
from witkit.runtime.core.jobs import Jobs
from witkit.runtime.core.roots import Root, soon
from witkit.runtime.core.rules import Halted, exited, trap_for
from witkit.runtime.core.tasks import INITIAL, Task, TaskFunction
from witkit.runtime.errors import InstanceError, Reason, Trap

if TYPE_CHECKING:
    import asyncio

    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.runtime.core.state import State

_NESTED: Final = 50
"""How many steps may wait on top of each other."""

_RETRY: Final = 0.001
"""Seconds until the loop looks again whether another thread has ended its call."""


class Turns:
    """The tasks of one store."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.loop: asyncio.AbstractEventLoop | None = None
        self.jobs = Jobs(self)
        self.steps = 0  # how many are being made, on top of each other
        self._ready: deque[Task] = deque()
        self._roots: set[Root] = set()
        self._called = False
        self._thread = self._depth = 0
        state.at_close.append(self.close)
        state.at_interrupt.append(self.interrupt)

    # ---- calls of the host's --------------------------------------------------------------------

    async def call(self, callee: TaskFunction, arguments: tuple[Any, ...]) -> Any:
        """Call a function and await its result. To cancel a call that has entered the guest closes the instance."""
        from asyncio import get_running_loop  # it is there: an event loop runs

        loop, state = get_running_loop(), self.state
        if state.enter():
            raise InstanceError("an async export cannot be called from within a call of the same instance")
        try:
            self._adopt(loop)
            root = Root(callee.name, state.limits)
            task = Task(callee, self, root, lambda: arguments, root.end)
            self._roots.add(root)
            self._step(task, self.begin)
        finally:
            state.leave(False)
        try:
            while not root.ended:
                root.waiter = loop.create_future()
                if not root.ended:  # another thread may have ended it before it could find the future
                    await root.waiter
        except BaseException as error:
            if not root.ended:
                self._abandon(task, root, error)
            raise
        finally:
            self._roots.discard(root)
            if root.timer is not None:
                root.timer.cancel()
        if root.error is not None:
            raise root.error
        assert root.result is not None
        return root.result[0]

    def _adopt(self, loop: asyncio.AbstractEventLoop) -> None:
        """Steps are made in this loop from now on."""
        if self.loop is loop:
            return
        if self._roots and self.loop is not None and not self.loop.is_closed():
            raise InstanceError("an async call of the instance is under way in another event loop: await it first")
        self.loop, self._thread, self._called = loop, get_ident(), False
        if self._ready:
            self._call_soon()

    def _abandon(self, task: Task, root: Root, error: BaseException) -> None:
        """Nobody awaits a call any more."""
        if task.state == INITIAL:
            self.run(partial(self._take_back, task))
            return
        self.state.stop(f"the instance was closed after {type(error).__name__} during the async call `{root.name}`")
        self.state.close()

    def _take_back(self, task: Task) -> None:
        """A task whose call has ended does not begin."""
        if task.state == INITIAL:
            self.leave(task)

    def close(self) -> None:
        """The store is closed: no call will end any more."""
        self._ready.clear()
        self.jobs.stop()
        for root in list(self._roots):
            if not root.ended:
                halted = self.state.halted
                root.fail(trap_for(halted, None, root.name, "") if halted else InstanceError(self.state.broken))

    def interrupt(self, cause: Halted) -> None:
        """Stop the calls that are under way. Any thread may call this, and a handler of a signal."""
        if (roots := list(self._roots)) and self.loop is not None:
            with suppress(RuntimeError):  # the loop was closed
                self.loop.call_soon_threadsafe(self._interrupted, roots, cause)

    def _interrupted(self, roots: list[Root], cause: Halted) -> None:
        if all(root.ended for root in roots):
            return
        for root in list(self._roots):  # those that have begun meanwhile end as well
            if not root.ended:
                self._failed(cause, root)
        self.state.close()

    # ---- tasks ----------------------------------------------------------------------------------

    def begin(self, task: Task) -> None:
        """Make the first step of a task now if it may enter its instance, else when it may."""
        inst = task.callee.inst
        if inst.entering or not task.may_run():
            inst.entering.append(task)
            self.admit(inst)
        else:
            task.run()

    def admit(self, inst: ComponentInstance) -> None:
        """Schedule the next task that waits to enter the instance, if it may."""
        if inst.entering and not inst.admitting:
            task = next((task for task in inst.entering if task.may_run()), None)
            if task is not None:
                inst.admitting = True
                self.schedule(task)

    def leave(self, task: Task) -> None:
        """A task does not want to enter its instance any more."""
        inst = task.callee.inst
        inst.entering.remove(task)
        if task in self._ready:
            self._ready.remove(task)
            inst.admitting = False
            self.admit(inst)

    def schedule(self, task: Task) -> None:
        """The task can make a step."""
        self._ready.append(task)
        self._call_soon()

    def unschedule(self, task: Task) -> None:
        """Undo `schedule`, if it was called."""
        if task in self._ready:
            self._ready.remove(task)

    def _call_soon(self) -> None:
        loop = self.loop
        if loop is not None and not self._called and not loop.is_closed():
            self._called = True
            soon(loop, self._thread, self._turn)

    def _turn(self) -> None:
        self._called = False
        self.run(self._round)

    def run(self, work: Callable[[], None]) -> None:
        """Do something with the store: now, or later if another thread uses it. Call this in an event loop."""
        state = self.state
        if state.closed:
            return
        thread = get_ident()
        if not state.acquire():
            from asyncio import get_running_loop

            get_running_loop().call_later(_RETRY, self.run, work)
            return
        state.owner = thread
        try:
            work()
        finally:
            state.leave(False)

    def _round(self) -> None:
        """Make a step of each task that is ready now."""
        for _ in range(len(self._ready)):
            task = self._next()
            if task is None or self.state.broken:
                break
            self._step(task, Task.run)
        if self._ready:
            self._call_soon()

    def _next(self) -> Task | None:
        """The first task that may make a step now; it has entered its instance."""
        for _ in range(len(self._ready)):
            task = self._ready.popleft()
            may_run, inst = task.may_run(), task.callee.inst
            if task.state == INITIAL:
                inst.admitting = False
                if may_run:
                    inst.entering.remove(task)
            elif not may_run:
                self._ready.append(task)
            if may_run:
                return task
        return None

    # ---- steps that wait ------------------------------------------------------------------------

    def block(self, until: Callable[[], bool]) -> None:
        """Make steps of other tasks within the core call of one that waits. Raises Violation if that leads nowhere,
        NotCarried if only the loop could bring what it waits for."""
        self._depth += 1
        try:
            while not until():
                task = self._next() if self._depth <= _NESTED else None
                if task is None:
                    raise self._stuck()
                task.run()
        finally:
            self._depth -= 1

    def _stuck(self) -> Exception:
        if self.jobs:
            return NotCarried(
                "the guest waits within a call for a coroutine of the host's, which cannot go on meanwhile: "
                "only functions that are lifted with a callback can wait for it"
            )
        message = "deadlock detected: event loop cannot make further progress"
        if self.steps > 1:
            message += " (a call within another waits for what only the outer one could bring)"
        return Violation(message)

    def give_way(self) -> None:
        """Make one step of each other task that is ready."""
        if self._depth < _NESTED:
            self._depth += 1
            try:
                for _ in range(len(self._ready)):
                    if (task := self._next()) is not None:
                        task.run()
            finally:
                self._depth -= 1

    # ---- limits and errors ----------------------------------------------------------------------

    def _step(self, task: Task, step: Callable[[Task], None]) -> None:
        """Do what makes a step of the task, and give what stops it to the call of the host's that led to it."""
        root = task.root
        if root is not None and root.deadline is None and root.limits.timeout is not None and self.loop is not None:
            root.deadline = self.loop.time() + root.limits.timeout
            root.timer = self.loop.call_at(root.deadline, self._expired, root, task)
        self.guarded(root, partial(step, task))

    def guarded(self, root: Root | None, work: Callable[[], object]) -> None:
        """Do something with the store within the limits of a call, which gets what it raises."""
        state = self.state
        is_limited = root is not None and (root.deadline is not None or root.fuel is not None)
        try:
            if state.todo:
                state.prepare()
            if root is not None and is_limited:
                self._limit(root)
            if root is None:
                work()
            else:
                root.context.run(work)
        except BaseException as error:
            self._failed(error, root)
        if root is not None and is_limited and not state.closed:
            state.todo = True
            if root.fuel is not None:
                root.fuel = state.store.get_fuel()

    def _limit(self, root: Root) -> None:
        """Set what the call may use up from now on."""
        timeout = None
        if root.deadline is not None and self.loop is not None:
            timeout = max(root.deadline - self.loop.time(), 0)
        self.state.arm(replace(root.limits, timeout=timeout, fuel=root.fuel))

    def _expired(self, root: Root, task: Task) -> None:
        """The time of a call is over while the guest waits."""
        if root.ended:
            return
        late = Halted(Reason.TIMEOUT, "the guest ran longer than its timeout")
        if task.state == INITIAL:
            root.fail(trap_for(late, None, root.name, ""))
            self.run(partial(self._take_back, task))
        else:
            self._failed(late, root)
            self.state.close()

    def _stop(self, trap: Trap) -> None:
        self.state.stop(f"the instance was closed after an earlier error: {trap.args[0]}")

    def _failed(self, error: BaseException, root: Root | None) -> None:
        name = root.name if root is not None else "a task"
        try:
            if isinstance(error, Violation | GuestTrap):
                self.state.broke(error, name)
            if isinstance(error, GuestExit):
                self._stop(trap := exited(error, None, name))
                raise trap
        except Trap as trap:
            error = trap
        if not isinstance(error, Exception):  # the step was cut off anywhere: its task will never go on
            self.state.poison(f"the instance was closed after {type(error).__name__} during the async call `{name}`")
        if root in self._roots:
            root.fail(error)
        elif not isinstance(error, Exception):
            raise error
        elif self.loop is not None:
            message = f"what the call `{name}` has begun failed after it had returned"
            self.loop.call_exception_handler({"message": message, "exception": error})
