"""The messages of one topic that this process has received from Kafka and that are not done."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .headers import NO_HEADERS, Headers

Position: TypeAlias = tuple[int, int]
"""A partition and an offset in it."""

MESSAGES: Final = 64
BYTES: Final = 1 << 24
"""What an inbox takes before its topic pauses."""


@dataclass(slots=True)
class InboxEntry:
    """A message, and how often it was given out: with the next time if it waits."""

    place: Position
    message: bytes
    attempt: int
    headers: Headers = NO_HEADERS
    mark: str | None = None
    due: float = 0.0


@dataclass(slots=True)
class Inbox:
    """`fresh` has what was never given out, `back` what was given back, with the time when it comes again, and `held`
    what somebody has. Whoever calls holds the lock of the reader."""

    topic: str
    only: str | None = None
    """The mark of the messages that belong to the subscription; None for all."""
    starts: dict[int, int] = field(default_factory=dict)
    """The first offset of each partition that belongs to the subscription."""
    is_new: bool = False
    """Whether the cluster does not know yet where its group begins."""
    users: int = 0
    size: int = 0
    fresh: deque[InboxEntry] = field(default_factory=deque)
    back: list[tuple[float, int, InboxEntry]] = field(default_factory=list)
    held: dict[Position, InboxEntry] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def is_full(self) -> bool:
        return len(self.fresh) >= MESSAGES or self.size >= BYTES

    @property
    def is_half_empty(self) -> bool:
        return len(self.fresh) <= MESSAGES // 2 and self.size <= BYTES // 2

    def put(self, entry: InboxEntry) -> None:
        self.fresh.append(entry)
        self.size += len(entry.message)

    def take(self, again: float) -> InboxEntry | None:
        """The next message, which comes again after `again` seconds."""
        now = time.monotonic()
        for place in [place for place, entry in self.held.items() if entry.due <= now]:
            self._return(self.held.pop(place), now)
        if self.back and self.back[0][0] <= now:
            entry = heapq.heappop(self.back)[2]
        elif self.fresh:
            entry = self.fresh.popleft()
            self.size -= len(entry.message)
        else:
            return None
        entry.due = now + again
        self.held[entry.place] = entry
        return entry

    def wait(self, most: float) -> float:
        """The seconds until a message may come again, at most `most`."""
        dues = [entry.due for entry in self.held.values()]
        first = min([*dues, self.back[0][0]] if self.back else dues, default=None)
        return most if first is None else max(0.0, min(most, first - time.monotonic()))

    def release(self, place: Position, attempt: int) -> InboxEntry | None:
        """Take back what was given out this many times; None if nobody has it any more."""
        found = self.held.get(place)
        return self.held.pop(place) if found is not None and found.attempt == attempt else None

    def give_back(self, place: Position, attempt: int, delay: float) -> None:
        if (found := self.release(place, attempt)) is not None:
            self._return(found, time.monotonic() + delay)

    def drop(self, partitions: set[int], *, held: bool) -> list[InboxEntry]:
        """Forget what nobody has of these partitions, and with `held` what somebody has. What was never given out."""
        gone = [entry for entry in self.fresh if entry.place[0] in partitions]
        self.fresh = deque(entry for entry in self.fresh if entry.place[0] not in partitions)
        self.size = sum(len(entry.message) for entry in self.fresh)
        self.back = [each for each in self.back if each[2].place[0] not in partitions]
        heapq.heapify(self.back)
        if held:
            self.held = {place: entry for place, entry in self.held.items() if place[0] not in partitions}
        return gone

    def holds(self, partitions: set[int]) -> bool:
        """Whether somebody has a message of these partitions."""
        return any(partition in partitions for partition, _ in self.held)

    def _return(self, entry: InboxEntry, due: float) -> None:
        entry.attempt += 1
        heapq.heappush(self.back, (due, next(self._numbers), entry))
