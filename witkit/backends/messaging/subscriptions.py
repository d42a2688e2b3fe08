"""The subscriptions of an opened backend: their tokens, how they end, and waiting for their messages."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Final, Generic, TypeVar

from witkit.backends.failure import Failure, Kind

from .protocol import Received, closed

S = TypeVar("S")

PAUSES: Final = (0.002, 0.05)
"""The shortest and the longest seconds between two looks for a message, for backends that cannot wait."""


class Subscriptions(Generic[S]):
    """Subscriptions by their tokens.

    One may end whenever an object is collected: in the middle of any call, in any thread. So `end` only takes its token
    away, and a thread does the rest.
    """

    def __init__(
        self, end: Callable[[S], None], care: Callable[[], None] = lambda: None, every: float | None = None
    ) -> None:
        """`end` ends a subscription. `care` runs in the same thread, every `every` seconds. Either may raise
        Failure, which changes nothing."""
        self._end, self._care, self._every = end, care, every
        self._known: dict[str, S] = {}
        self._ended: SimpleQueue[S | None] = SimpleQueue()
        self._lock, self._closed = Lock(), False
        self._thread: Thread | None = None

    def add(self, subscription: S) -> str:
        """The token of a new subscription."""
        token = secrets.token_urlsafe(12)
        with self._lock:
            self.expect_open()
            self._known[token] = subscription
            if self._thread is None:
                self._thread = Thread(target=self._work, name="witkit-subscriptions", daemon=True)
                self._thread.start()
        return token

    def __getitem__(self, token: str) -> S:
        """Raises Failure: MISSING for a token that is not valid, CLOSED."""
        self.expect_open()
        try:
            return self._known[token]
        except KeyError:
            raise Failure(Kind.MISSING, token) from None

    def __len__(self) -> int:
        return len(self._known)

    def get(self, token: str) -> S | None:
        """None for a token that is not valid. Raises Failure (CLOSED)."""
        self.expect_open()
        return self._known.get(token)

    def end(self, token: str) -> None:
        """End a subscription, soon."""
        if not self._closed and (found := self._known.pop(token, None)) is not None:
            self._ended.put(found)

    def expect_open(self) -> None:
        """Raises Failure (CLOSED)."""
        if self._closed:
            raise closed()

    def close(self) -> bool:
        """End all. False if they have been ended before."""
        with self._lock:
            if self._closed:
                return False
            self._closed = True
            while self._known:
                self._ended.put(self._known.popitem()[1])
            thread, self._thread = self._thread, None
        self._ended.put(None)
        if thread is not None:
            thread.join()
        return True

    def _work(self) -> None:
        while True:
            try:
                ended = self._ended.get(timeout=self._every)
            except Empty:
                with suppress(Failure):
                    self._care()
                continue
            if ended is None:
                return
            with suppress(Failure):
                self._end(ended)


def polled(look: Callable[[], Received | None], wait: float) -> Received | None:
    """What `look` finds within `wait` seconds, or None."""
    deadline, (pause, longest) = time.monotonic() + wait, PAUSES
    while (found := look()) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, longest)
    return found
