"""Streams and futures (`CanonicalABI.md`, "Stream State" and "Future State").

Two ends share a meeting place. Whoever comes first leaves a buffer there, whoever comes second copies. Elements are
never kept in between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from witkit.canonical.errors import Violation
from witkit.runtime.core.waitables import Event, Waitable

if TYPE_CHECKING:
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.wasm.types import Defined

COMPLETED, DROPPED, CANCELLED = range(3)
"""How a copy ended."""

IDLE, COPYING, CANCELLING, DONE = range(4)
"""The states of an end."""

MOST: Final = (1 << 28) - 1
"""How many elements a buffer may have."""


class Elements(Protocol):
    """The elements of a buffer's type in one guest's memory: numbers as bytes, others as a list of values."""

    def read(self, at: int, count: int) -> Any: ...
    def write(self, at: int, values: Any, count: int) -> None: ...
    def check(self, at: int, count: int) -> None:
        """Raise Violation if `count` elements do not fit there."""

    @property
    def size(self) -> int: ...


class Buffer:
    """Where elements are copied from or to. Without `elements` they have no values and take no memory."""

    __slots__ = ("_at", "_elements", "length", "progress")

    def __init__(self, elements: Elements | None, at: int, length: int) -> None:
        if length > MOST:
            raise Violation(f"a buffer of {length} elements is too long, at most {MOST} are allowed")
        if elements is not None and length:
            elements.check(at, length)
        self._elements, self._at, self.length, self.progress = elements, at, length, 0

    def remain(self) -> int:
        """How many elements are left, or find room."""
        return self.length - self.progress

    def copy_to(self, other: Buffer, count: int) -> None:
        """Copy elements to a buffer for the same type."""
        if self._elements is not None and other._elements is not None:
            values = self._elements.read(self._at, count)
            self._at += count * self._elements.size
            other._elements.write(other._at, values, count)
            other._at += count * other._elements.size
        self.progress += count
        other.progress += count


class Pending(NamedTuple):
    """Who came first. `copied` is called when elements were copied, with what ends the wait, `done` with its result."""

    inst: ComponentInstance
    buffer: Buffer
    copied: Callable[[Callable[[], None]], None]
    done: Callable[[int], None]


class Meeting:
    """What the two ends of a stream share. `type` is that of the stream; `plain` says whether the elements are numbers
    or have no values."""

    kind = "stream"

    def __init__(self, type: Defined, *, plain: bool) -> None:
        self.type, self._plain = type, plain
        self.dropped = False
        self.pending: Pending | None = None

    def reset(self) -> None:
        """Nobody waits any more."""
        self.pending = None

    def notify(self, result: int) -> None:
        """Whoever waits does not any more."""
        pending, self.pending = self.pending, None
        assert pending is not None
        pending.done(result)

    def cancel(self) -> None:
        """Whoever waits wants to no more."""
        self.notify(CANCELLED)

    def drop(self) -> None:
        """One of the ends is gone."""
        if not self.dropped:
            self.dropped = True
            if self.pending is not None:
                self.notify(DROPPED)

    def copy(self, mine: Pending, *, reads: bool) -> None:
        """One end copies with whoever waits at the other, or waits."""
        other = self.pending
        if self.dropped:
            mine.done(DROPPED)
        elif other is None:
            self.pending = mine
        else:
            self._refuse_own(mine, other)
            self._meet(mine, other, reads=reads)

    def _meet(self, mine: Pending, other: Pending, *, reads: bool) -> None:
        if other.buffer.remain():
            if count := min(mine.buffer.remain(), other.buffer.remain()):
                _copy(mine, other, count, reads=reads)
                other.copied(self.reset)
            mine.done(COMPLETED)
        elif not reads and not mine.buffer.length and not other.buffer.length:
            mine.done(COMPLETED)
        else:
            self.notify(COMPLETED)
            self.pending = mine

    def _refuse_own(self, mine: Pending, other: Pending) -> None:
        if mine.inst is other.inst and not self._plain:
            raise Violation(f"cannot read from and write to intra-component {self.kind}")


class FutureMeeting(Meeting):
    """What the two ends of a future share."""

    kind = "future"

    def _meet(self, mine: Pending, other: Pending, *, reads: bool) -> None:
        _copy(mine, other, 1, reads=reads)
        self.notify(COMPLETED)
        mine.done(COMPLETED)


def _copy(mine: Pending, other: Pending, count: int, *, reads: bool) -> None:
    source, target = (other, mine) if reads else (mine, other)
    source.buffer.copy_to(target.buffer, count)


class End(Waitable):
    """One end of a stream or future, in the table of a component instance."""

    __slots__ = ("meeting", "reads", "state")

    def __init__(self, meeting: Meeting, *, reads: bool) -> None:
        super().__init__()
        self.meeting, self.reads, self.state = meeting, reads, IDLE

    @property
    def copying(self) -> bool:
        """Whether a copy has begun whose end the guest has not heard of."""
        return self.state in (COPYING, CANCELLING)

    def begin(self, inst: ComponentInstance, buffer: Buffer, code: int, index: int) -> None:
        """Begin to read or write. When that has ended, the guest gets an event with `code` and `index`."""
        is_future = isinstance(self.meeting, FutureMeeting)

        def event(result: int, reset: Callable[[], None] | None = None) -> Event:
            if reset is not None:
                reset()
            if self.state == CANCELLING and result == COMPLETED and not is_future:
                result = CANCELLED  # what was copied before is counted
            ended = result == DROPPED or (is_future and result == COMPLETED)
            self.state = DONE if ended else IDLE
            return code, index, result if is_future else result | buffer.progress << 4

        def copied(reset: Callable[[], None]) -> None:
            self.signal(lambda: event(COMPLETED, reset))

        def done(result: int) -> None:
            self.signal(lambda: event(result))

        self.state = COPYING
        self.meeting.copy(Pending(inst, buffer, copied, done), reads=self.reads)

    def drop(self) -> None:
        """The built-ins that drop an end. Raises Violation if it may not be dropped."""
        kind = self.meeting.kind
        if self.copying:
            raise Violation(f"cannot drop busy {kind}")
        if kind == "future" and not self.reads and self.state != DONE:
            raise Violation("cannot drop future write end without first writing a value")
        self.meeting.drop()
        self.join(None)

    def give(self) -> Meeting:
        """Let another instance have the end. Raises Violation if that is not possible now."""
        kind = self.meeting.kind
        if not self.reads:
            raise Violation(f"cannot lift the write end of a {kind}")
        if self.members is not None:
            raise Violation(f"cannot lift {kind} while it's in a waitable set")
        if self.state != IDLE:
            raise Violation(f"cannot lift {kind} that is busy or done")
        return self.meeting
