"""The threads that receive messages of any number of subscriptions and have them delivered.

There are as many threads as calls may run at once, and each does one thing at a time: it looks for a message in a
subscription, and delivers it. So no more messages are in flight than can be handled. A subscription that is empty is
looked at less and less often. If there are not more subscriptions than threads, each thread waits for its own instead.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Final

from witkit.backends.messaging.protocol import Received

from ..reasons import reason
from .delivery import LOG, Feed

WAIT: Final = 0.5
"""The seconds that a thread waits for a message of its own subscription, and that `stop` may take to be noticed."""
PAUSES: Final = (0.01, 1.0)
"""The shortest and the longest seconds between two looks at a subscription that is empty."""
TROUBLE: Final = (0.5, 15.0)
"""The same for one whose backend fails."""


@dataclass(slots=True)
class _Turn:
    """One message at a time of a feed: each has as many turns as messages that may be handled at once."""

    feed: Feed
    pause: float = 0.0
    fails: bool = False


class Dispatcher:
    """Runs until `stop`."""

    def __init__(
        self, feeds: Sequence[Feed], deliver: Callable[[Feed, Received], None], threads: int, most: int
    ) -> None:
        """`most` is the number of bytes in flight from which on no further message is received."""
        self._deliver, self._most, self._bytes = deliver, most, 0
        turns = [_Turn(feed) for feed in feeds for _ in range(min(feed.subscription.parallel, threads))]
        self._numbers = itertools.count()
        self._due = [(0.0, next(self._numbers), turn) for turn in turns]
        self._changed, self._stopped = Condition(), False
        self._is_waiting = len(turns) <= threads
        self._threads = [
            Thread(target=self._work, name=f"witkit-messages-{number}", daemon=True)
            for number in range(min(threads, len(turns)))
        ]

    def start(self) -> None:
        """Begin to receive."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Receive nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def join(self, seconds: float) -> bool:
        """Whether all threads have ended within `seconds` after `stop`."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (turn := self._next()) is not None:
            pause = 0.0
            try:
                found = self._one(turn)
                if turn.fails:
                    LOG.warning("messages of `%s` can be received again", turn.feed.subscription.topic)
                turn.fails = False
                pause = 0.0 if found or self._is_waiting else _longer(turn.pause, PAUSES)
            except Exception as problem:  # Also a mistake of a backend: the subscription goes on.
                pause = _longer(turn.pause, TROUBLE)
                if not turn.fails:
                    LOG.error("messages of `%s`: %s", turn.feed.subscription.topic, reason(problem))
                turn.fails = True
            finally:
                self._back(turn, pause)

    def _one(self, turn: _Turn) -> bool:
        """Receive and deliver one message, if there is one."""
        received = turn.feed.receive(WAIT if self._is_waiting else 0.0)
        if received is None:
            return False
        with self._changed:
            self._bytes += len(received.message)
        try:
            self._deliver(turn.feed, received)
        finally:
            with self._changed:
                self._bytes -= len(received.message)
                self._changed.notify_all()
        return True

    def _next(self) -> _Turn | None:
        """Wait for the next turn. None after `stop`."""
        with self._changed:
            while not self._stopped:
                if self._bytes >= self._most or not self._due:
                    self._changed.wait()
                elif (left := self._due[0][0] - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    return heapq.heappop(self._due)[2]
            return None

    def _back(self, turn: _Turn, pause: float) -> None:
        turn.pause = pause
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + pause, next(self._numbers), turn))
            self._changed.notify()


def _longer(pause: float, bounds: tuple[float, float]) -> float:
    """Twice the pause, within bounds."""
    shortest, longest = bounds
    return max(shortest, min(pause * 2, longest))
