"""Wait for a socket, not longer than until a deadline."""

from __future__ import annotations

import select

READ, WRITE = 1, 4
"""The events, with the values that `poll` has for them everywhere."""


class Waiter:
    """Waits for one socket, which stays open meanwhile."""

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        # Windows has no `poll`. Its `select` takes any socket; that of other systems does not.
        self._poll = select.poll() if hasattr(select, "poll") else None

    def ready(self, events: int, seconds: float) -> int:
        """The events that have happened, or 0 after this time. An error of the socket counts as READ."""
        if self._poll is None:
            return self._selected(events, max(0.0, seconds))
        self._poll.register(self._fileno, events)
        for _, found in self._poll.poll(max(0.0, seconds) * 1000):
            return found & (READ | WRITE) or READ
        return 0

    def _selected(self, events: int, seconds: float) -> int:
        one = [self._fileno]
        reads, writes, _ = select.select(one if events & READ else [], one if events & WRITE else [], [], seconds)
        return (READ if reads else 0) | (WRITE if writes else 0)
