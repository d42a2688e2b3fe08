"""A connection to PostgreSQL on which nothing waits forever. Imports psycopg."""

from __future__ import annotations

import select
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Final, TypeVar

from psycopg import Connection, Cursor, Error, waiting
from psycopg.abc import PQGen

from .interruptible import Interruptible

T = TypeVar("T")

CANCEL: Final = 0.5
"""The seconds that a server has for ending a statement when a signal ends the program."""

HELD: Final = 1 << 16
"""The most bytes of a value that a kept cursor may hold."""


class BoundedConnection(Connection[Any]):
    """No statement takes longer than `seconds`, even if the server is frozen."""

    seconds: float | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        fileno, seconds = self.pgconn.socket, self.seconds if timeout is None else timeout
        try:
            with self._interruptible.on(fileno):
                return waiting.wait(gen, fileno, interval, seconds)
        except (KeyboardInterrupt, SystemExit):
            # psycopg would wait ten seconds for a frozen server before it lets the program end.
            with suppress(Error):
                self.cancel_safe(timeout=CANCEL)
            self.close()
            raise

    def run(self, statement: bytes, values: Sequence[Any]) -> list[Any]:
        """The rows of a statement, one of a few, as tuples. Raises psycopg's Error.

        Each statement keeps its cursor: a new one, with its adapters, would cost a third of the whole call.
        """
        cursor = self._cursors.pop(statement, None) or self.cursor(binary=True)
        cursor.execute(statement, values)
        result = cursor.pgresult
        rows = cursor.fetchall() if result and result.nfields else []
        if result:
            result.clear()  # or the cursor would hold the memory of it
        for value in values:
            if (type(value) is bytes or type(value) is list) and len(value) > HELD:
                return rows
        self._cursors[statement] = cursor
        return rows

    def close(self) -> None:
        self._cursors.clear()  # which refer to the connection
        super().close()

    def lost(self) -> bool:
        """Whether the server has closed this connection, which is idle: it says nothing on one that is well."""
        if self._poll is None:
            return bool(select.select([self.pgconn.socket], [], [], 0)[0])
        return bool(self._poll.poll(0))

    @cached_property
    def _cursors(self) -> dict[bytes, Cursor[Any]]:
        return {}

    @cached_property
    def _interruptible(self) -> Interruptible:
        return Interruptible()

    @cached_property
    def _poll(self) -> select.poll | None:
        """What looks at the socket, which stays the same. Windows has none."""
        if not hasattr(select, "poll"):
            return None
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN | select.POLLHUP)
        return poll
