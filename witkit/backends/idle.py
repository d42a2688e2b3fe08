"""Connections to a server that nobody uses at the moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Idle(Generic[T]):
    """The connections of one backend, which threads share. The one that was used last is taken first."""

    def __init__(self, closed: Callable[[], Exception]) -> None:
        """`closed` makes what is raised after `close`."""
        self._closed, self._lock, self._process = closed, Lock(), os.getpid()
        self._all: list[T] | None = []

    def take(self) -> T | None:
        """A connection for one user, or None if there is none: then a new one is needed."""
        with self._lock:
            found = self._living()
            return found.pop() if found else None

    def put(self, connection: T) -> bool:
        """Whether a connection is kept for the next user. After `close`, it has to be closed."""
        with self._lock:
            if self._all is None:
                return False
            self._living().append(connection)
            return True

    def check(self) -> None:
        """Raise what is raised after `close`."""
        with self._lock:
            self._living()

    def close(self) -> list[T]:
        """Keep none from now on. Gives those that have to be closed."""
        with self._lock:
            found = [] if self._all is None else self._living()
            self._all = None
        return found

    def _living(self) -> list[T]:
        if self._all is None:
            raise self._closed()
        if self._process != (now := os.getpid()):
            self._all, self._process = [], now  # The parent of a fork goes on using its own.
        return self._all
