"""Component instances: each has a table of handles, and may or may not be left."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from witkit.abi import drops
from witkit.canonical.errors import Violation
from witkit.runtime.core.tables import Handle, HandleTable

if TYPE_CHECKING:
    from witkit.runtime.core.callbacks import Run
    from witkit.runtime.core.resources import ResourceType
    from witkit.runtime.core.state import State
    from witkit.runtime.core.tasks import Task


class ComponentInstance:
    """One component instance, which others call `inst`. While it allocates or cleans up after a call, `may_leave` is
    false: it may call nothing of another instance's.

    `task` is the task that runs, None in a call that is not asynchronous; `context` is its storage. `backpressure`
    counts who asked that no async call begins. The task `exclusive` has the instance for itself while it runs.
    `entering` are the tasks that have yet to begin, `admitting` says whether one of them is about to.
    """

    __slots__ = (
        "admitting", "backpressure", "context", "entering", "exclusive", "may_leave", "number", "state", "table",
        "task",
    )  # fmt: skip

    def __init__(self, state: State, number: int) -> None:
        self.state, self.number = state, number
        self.table = HandleTable()
        self.may_leave = True
        self.context, self.backpressure = [0, 0], 0
        self.task: Task | None = None
        self.exclusive: Task | None = None
        self.entering: deque[Task] = deque()
        self.admitting = False

    def leaving(self, run: Run) -> Run:
        """`run`, which traps while the instance may not be left: while the host says so, or, once there are adapters,
        the one that is called."""
        if self.state.stage is not None:
            return self._leaving_staged(run)

        def checked(at: int) -> None:
            if not self.may_leave:
                raise Violation("cannot leave component instance")
            run(at)

        self.state.unstaged[checked] = self.leaving, run
        return checked

    def _leaving_staged(self, run: Run) -> Run:
        state: Any = self.state

        def checked(at: int) -> None:
            if not self.may_leave or state.stage[0]:
                raise Violation("cannot leave component instance")
            run(at)

        return checked

    def drop(self, resource: ResourceType, index: int) -> None:
        """Drop a handle: the built-in `resource.drop`. A destructor may run."""
        handle = self.table.take(resource, index)
        if handle.own:
            resource.drop(handle.rep, self)
        else:
            handle.borrow_scope.borrows -= 1

    def without_task(self, call: Callable[[int], object], argument: int) -> None:
        """Call something of this instance that is not part of a task which may run in it, and has a storage of its
        own."""
        outer, self.task, self.context = (self.task, self.context), None, [0, 0]
        try:
            call(argument)
        finally:
            self.task, self.context = outer

    def new(self, resource: ResourceType, rep: int) -> int:
        """A handle to a new resource of this instance's: the built-in `resource.new`."""
        return self.table.add(Handle(resource, rep, own=True))

    def rep(self, resource: ResourceType, index: int) -> Any:
        """The number that `new` was given: the built-in `resource.rep`."""
        return self.table.handle(resource, index).rep

    def end(self) -> None:
        """The instance is closed: release the host's objects that it owns."""
        for handle in self.table.clear():
            if handle.own and handle.resource.owner is None:
                drops.end(handle.rep)
