"""How many files and sockets a guest may have open at once, so that it does not use up those of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

DESCRIPTORS: Final = 512
"""The default. Many systems let a process have 1,024."""


class Room:
    """The room of one guest. Any thread may give back what was taken."""

    def __init__(self, descriptors: int = DESCRIPTORS) -> None:
        self._left, self._lock = descriptors, Lock()

    def take(self) -> bool:
        """Take one place, if there is one left."""
        with self._lock:
            if self._left <= 0:
                return False
            self._left -= 1
            return True

    def give(self) -> None:
        """Give one place back."""
        with self._lock:
            self._left += 1

    @contextmanager
    def taken(self, full: Callable[[], BaseException]) -> Iterator[None]:
        """Take one place for what is opened in a `with` statement, and keep it unless that fails. Raises `full()` if
        there is none left."""
        if not self.take():
            raise full()
        try:
            yield
        except BaseException:
            self.give()
            raise
