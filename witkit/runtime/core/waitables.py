"""What a guest can wait for, and the sets that it waits with (`CanonicalABI.md`, "Waitable State" and "Subtask State").

A waitable has at most one event that nobody has taken yet. An event is made when it is taken, so that it has the
state of that moment.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from witkit.canonical.errors import Violation

if TYPE_CHECKING:
    from witkit.runtime.core.boundary import Call
    from witkit.runtime.core.tables import HandleTable

NONE, SUBTASK, STREAM_READ, STREAM_WRITE, FUTURE_READ, FUTURE_WRITE, TASK_CANCELLED = range(7)
"""What happened: the first number of an event."""

STARTING, STARTED, RETURNED, CANCELLED_BEFORE_STARTED, CANCELLED_BEFORE_RETURNED = range(5)
"""The states of a subtask."""

BLOCKED: Final = 0xFFFF_FFFF
"""The answer to a request that has not been fulfilled yet."""

Event: TypeAlias = tuple[int, int, int]
"""What happened, the index of what it happened to, and more about it."""

NOTHING: Final[Event] = (NONE, 0, 0)
CANCELLED: Final[Event] = (TASK_CANCELLED, 0, 0)


class Waitable:
    """An entry of a table that has events. `awaited` is true while a call waits for it without a set."""

    __slots__ = ("awaited", "event", "members")

    def __init__(self) -> None:
        self.event: Callable[[], Event] | None = None
        self.members: WaitableSet | None = None
        self.awaited = False

    def signal(self, event: Callable[[], Event]) -> None:
        """Something happened; an event that nobody has taken is forgotten."""
        self.event = event
        if self.members is not None:
            self.members.notice(self)

    def take(self) -> Event:
        """The event, which must be there."""
        event, self.event = self.event, None
        assert event is not None
        return event()

    def join(self, to: WaitableSet | None) -> None:
        """Leave the set, and join another one: the built-in `waitable.join`."""
        if self.awaited:
            raise Violation("waitable cannot be used synchronously while added to a waitable set")
        if self.members is not None:
            self.members.discard(self)
        self.members = to
        if to is not None:
            to.add(self)
            if self.event is not None:
                to.notice(self)


class WaitableSet:
    """A set of waitables.

    `waiting` counts the tasks that wait with it. Those among them that are called back are in `waiters`, as what wakes
    them.
    """

    __slots__ = ("_all", "_noticed", "add", "waiters", "waiting")

    def __init__(self) -> None:
        self._all: set[Waitable] = set()
        self.add = self._all.add
        self.waiting = 0
        self.waiters: deque[Callable[[], object]] = deque()
        self._noticed: OrderedDict[Waitable, None] = OrderedDict()

    def discard(self, waitable: Waitable) -> None:
        """A member leaves, and takes its event along."""
        self._all.discard(waitable)
        self._noticed.pop(waitable, None)

    def notice(self, waitable: Waitable) -> None:
        """A member has an event: one of those who wait is woken."""
        self._noticed[waitable] = None
        if self.waiters:
            self.waiters.popleft()()

    def pass_on(self) -> None:
        """Who was woken has not taken an event: the next one is woken, if there is an event."""
        if self.waiters and self.has_event():
            self.waiters.popleft()()

    def has_event(self) -> bool:
        """Whether a member has an event."""
        noticed = self._noticed
        while noticed and next(iter(noticed)).event is None:  # it was taken without the set
            noticed.popitem(last=False)
        return bool(noticed)

    def take(self) -> Event | None:
        """The event of the member that has had one for longest; None if none has."""
        return self._noticed.popitem(last=False)[0].take() if self.has_event() else None

    def drop(self) -> None:
        """The built-in `waitable-set.drop`. Raises Violation if a task waits with it.

        The specification forbids to drop a set that has members, too. As in wasmtime, they only leave it: guests of
        componentize-py do so with what they do not await any more.
        """
        if self.waiting:
            raise Violation("cannot drop waitable set with waiters")
        for waitable in self._all:
            waitable.members = None
        self._all.clear()
        self._noticed.clear()


class Subtask(Waitable):
    """A call that a guest has begun, until it hears of the end.

    `handles` are those of the caller's side. `cancel` asks the callee to stop, `cancelled` says that it was asked.
    `index` is the place in the table, 0 as long as the call may still end at once. `delivered` is true when the guest
    has heard of the end.
    """

    __slots__ = ("cancel", "cancelled", "delivered", "handles", "index", "state")

    def __init__(self, handles: Call) -> None:
        super().__init__()
        self.handles, self.state, self.index = handles, STARTING, 0
        self.cancelled = self.delivered = False
        self.cancel: Callable[[], object] = lambda: None

    @property
    def ended(self) -> bool:
        """Whether the call has returned or was cancelled."""
        return self.state >= RETURNED

    def reach(self, state: int) -> None:
        """The call comes to another state."""
        self.state = state
        if self.index:
            self.signal(self._event)

    def end_cancelled(self) -> None:
        """The callee has stopped without a result."""
        self.reach(CANCELLED_BEFORE_STARTED if self.state == STARTING else CANCELLED_BEFORE_RETURNED)

    def answer(self, table: HandleTable) -> int:
        """What the call itself returns: its state, and where the guest finds it if it has not ended."""
        if self.ended:
            self._deliver()
            return self.state
        self.index = table.add(self)
        return self.state | self.index << 4

    def drop(self) -> None:
        """Raise Violation if it may not be dropped: the built-in `subtask.drop`."""
        if not self.delivered:
            raise Violation("cannot drop a subtask which has not yet resolved")
        self.join(None)

    def _event(self) -> Event:
        if self.ended:
            self._deliver()
        return SUBTASK, self.index, self.state

    def _deliver(self) -> None:
        self.delivered = True
        self.handles.end()
