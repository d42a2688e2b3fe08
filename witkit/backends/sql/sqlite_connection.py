"""Connections to SQLite databases, in files or in memory.

Statements come from guests, and must not reach the rest of the host: an authorizer rejects other files (`ATTACH`,
`VACUUM INTO`), extensions, and all pragmas that are not about the schema.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from typing import TypeVar

from witkit._waiting import check, is_stopped
from witkit.backends.room import Room
from witkit.backends.sqlite_file import Anchor, patiently

from .bounds import SqlSettings
from .parameters import bound
from .protocol import NO_VALUE, Rows, SqlConnection, Value, ValueType, closed
from .sqlite_errors import allow, failures

T = TypeVar("T")

LARGEST = 64 * 1024 * 1024
"""The most bytes of one value, or one row."""

_STEPS = 10_000
_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_ENDS = re.compile(rf"{_SPACE}(?:COMMIT|END|RELEASE|ROLLBACK)\b", re.IGNORECASE | re.DOTALL)
_FREES = re.compile(rf"{_SPACE}(?:DELETE|DROP)\b", re.IGNORECASE | re.DOTALL)
_TYPES = {
    int: ValueType.INT64,
    float: ValueType.DOUBLE,
    str: ValueType.TEXT,
    bytes: ValueType.BINARY,
}


class SqliteConnection(SqlConnection):
    """A connection that belongs to one guest. A database in a file also has an anchor, and room on its disk."""

    def __init__(
        self, raw: sqlite3.Connection, settings: SqlSettings, anchor: Anchor | None = None, room: Room | None = None
    ) -> None:
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
        raw.set_authorizer(allow)
        self._raw, self._settings, self._anchor, self._room = raw, settings, anchor, room
        self._has_read = self._is_closed = False

    def query(self, text: str, parameters: Sequence[str]) -> Rows:
        return self._run(text, parameters, self._rows)

    def execute(self, text: str, parameters: Sequence[str]) -> None:
        self._run(text, parameters, _pass_over)

    def close(self) -> None:
        self._is_closed = True
        self._raw.close()

    def _rows(self, cursor: sqlite3.Cursor) -> Rows:
        columns = [column[0] for column in cursor.description or ()]
        return self._settings.collected(columns, map(_values, cursor))

    def _run(self, text: str, parameters: Sequence[str], read: Callable[[sqlite3.Cursor], T]) -> T:
        if self._is_closed:
            raise closed()
        raw, room = self._raw, self._room
        values = bound(text, parameters)

        def run() -> T:
            try:
                with closing(self._executed(text, values)) as cursor:
                    return read(cursor)
            except sqlite3.OperationalError:
                check()
                raise

        with failures(), self._anchor.held() if self._anchor else nullcontext():
            if room is None:
                return run()
            frees = _FREES.match(text)
            found = room.freeing(run, in_transaction=raw.in_transaction) if frees else run()
            if not raw.in_transaction:
                room.restore()
            return found

    def _executed(self, text: str, values: dict[str, str] | tuple[str, ...]) -> sqlite3.Cursor:
        """The cursor at its first row. Waits for others, unless they may be waiting for locks of this connection."""
        raw = self._raw
        was_inside = raw.in_transaction

        def attempt() -> sqlite3.Cursor:
            stop = time.monotonic() + self._settings.limit
            raw.set_progress_handler(lambda: time.monotonic() > stop or is_stopped(), _STEPS)
            return raw.execute(text, values)

        waits = not (was_inside and self._has_read) or _ENDS.match(text)
        cursor = patiently(attempt, time.monotonic() + (self._settings.timeout if waits else 0))
        self._has_read = was_inside and raw.in_transaction
        return cursor


def _values(row: tuple[object, ...]) -> list[Value]:
    return [NO_VALUE if value is None else (_TYPES[type(value)], value) for value in row]


def _pass_over(rows: sqlite3.Cursor) -> None:
    for _ in rows:
        pass
