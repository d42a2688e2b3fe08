"""How many callers may be inside at once, and how many may wait, for how long."""

from __future__ import annotations

import time
from collections import deque
from threading import Condition, Event, Lock
from typing import Final

from witkit.text import Error

CLOSED: Final = "the application has been closed"


class Busy(Error):
    """More callers than may wait, or one that has waited too long. The call did not begin."""


class Closed(Error):
    """The application takes no calls any more, or has ended this one."""


class _Waiter:
    """Somebody who waits. `is_next` says that a slot was handed over."""

    __slots__ = ("decided", "is_next")

    def __init__(self) -> None:
        self.decided, self.is_next = Event(), False


class Slots:
    """A number of slots, which callers get in the order in which they come."""

    def __init__(self, size: int, waiting: int, wait: float) -> None:
        """At most `waiting` callers wait, each for at most `wait` seconds."""
        self._free, self._size, self._most, self._wait = size, size, waiting, wait
        self._waiters: deque[_Waiter] = deque()
        self._lock, self._closed, self._watchers = Lock(), False, 0
        self._freed = Condition(self._lock)

    @property
    def used(self) -> int:
        """How many callers are inside."""
        return self._size - self._free

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return len(self._waiters)

    def __enter__(self) -> None:
        """Take a slot until the `with` statement ends. Raises Busy, or Closed after `close`."""
        self.take()

    def __exit__(self, *raised: object) -> None:
        self.give()

    def close(self) -> None:
        """Refuse all who come or wait from now on."""
        with self._lock:
            self._closed = True
            while self._waiters:
                self._waiters.popleft().decided.set()

    def emptied(self, seconds: float) -> bool:
        """Whether nobody is inside any more, after at most `seconds`."""
        deadline = time.monotonic() + seconds
        with self._freed:
            self._watchers += 1
            try:
                while self.used:
                    if (left := deadline - time.monotonic()) <= 0:
                        return False
                    self._freed.wait(left)
            finally:
                self._watchers -= 1
        return True

    def take(self) -> None:
        """Take a slot, which has to be given back. Raises as `__enter__` does."""
        with self._lock:
            if self._closed:
                raise Closed(CLOSED)
            if self._free:
                self._free -= 1
                return
            if len(self._waiters) >= self._most:
                raise Busy(f"{self._size} calls run and {self._most} wait: no more are taken")
            waiter = _Waiter()
            self._waiters.append(waiter)
        try:
            waiter.decided.wait(self._wait)
        except BaseException:
            self._withdraw(waiter)
            raise
        with self._lock:
            if waiter.is_next:
                return
            if self._closed:
                raise Closed(CLOSED)
            self._waiters.remove(waiter)
        raise Busy(f"{self._size} calls run, and none ended within {self._wait:g} s")

    def _withdraw(self, waiter: _Waiter) -> None:
        """A signal has ended the wait."""
        with self._lock:
            if not waiter.is_next and waiter in self._waiters:
                self._waiters.remove(waiter)
        if waiter.is_next:
            self.give()

    def give(self) -> None:
        """Give a slot back: to the first who waits, if anybody does."""
        with self._lock:  # not `_freed`, whose methods are Python functions: this is done for each call
            if self._waiters:
                waiter = self._waiters.popleft()
                waiter.is_next = True
                waiter.decided.set()
            else:
                self._free += 1
                if self._watchers:
                    self._freed.notify_all()
