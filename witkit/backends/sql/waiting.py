"""Wait for a socket, not longer than until a deadline."""

from __future__ import annotations

import select
import time
from typing import Final

from witkit._waiting import check

SLICE: Final = 0.1
"""The seconds after which a wait looks whether its guest was stopped."""

READ, WRITE = 1, 4
"""The events, with the values that `poll` has for them everywhere."""


class Waiter:
    """Waits for one socket, which stays open meanwhile."""

    def __init__(self, fileno: int) -> None:
        self.fileno = fileno
        # Windows has no `poll`. Its `select` takes any socket; that of other systems does not.
        self._poll = select.poll() if hasattr(select, "poll") else None

    def ready(self, events: int, seconds: float) -> int:
        """The events that have happened, or 0 after this time. An error of the socket counts as READ."""
        if self._poll is None:
            return self._selected(events, max(0.0, seconds))
        self._poll.register(self.fileno, events)
        for _, found in self._poll.poll(max(0.0, seconds) * 1000):
            return found & (READ | WRITE) or READ
        return 0

    def ready_unless_stopped(self, events: int, seconds: float) -> int:
        """The same. Raises what stops the guest that waits, soon after that has happened."""
        end = time.monotonic() + seconds
        while not (found := self.ready(events, min(SLICE, end - time.monotonic()))):
            check()
            if time.monotonic() >= end:
                break
        return found

    def _selected(self, events: int, seconds: float) -> int:
        one = [self.fileno]
        reads, writes, _ = select.select(one if events & READ else [], one if events & WRITE else [], [], seconds)
        return (READ if reads else 0) | (WRITE if writes else 0)
