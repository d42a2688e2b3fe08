"""The open connections of a backend."""

from __future__ import annotations

from threading import Lock
from weakref import WeakSet

from .protocol import SqlConnection, closed


class OpenConnections:
    """Connections that `close` closes unless nobody uses them any more. Safe to use from several threads."""

    def __init__(self) -> None:
        self._closed, self._lock = False, Lock()
        self._used: WeakSet[SqlConnection] = WeakSet()

    def add(self, connection: SqlConnection) -> None:
        """Take a new connection. If the backend is closed, closes it and raises Failure (CLOSED)."""
        with self._lock:
            if not self._closed:
                self._used.add(connection)
                return
        connection.close()
        raise closed()

    def check(self) -> None:
        """Raise Failure (CLOSED) if the backend is closed."""
        if self._closed:
            raise closed()

    def close(self) -> None:
        """Close all connections. Open transactions are undone."""
        with self._lock:
            self._closed = True
            used = list(self._used)
        for each in used:
            each.close()
