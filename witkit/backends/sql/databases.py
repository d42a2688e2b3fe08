"""The interface over SQLite databases, in files or in memory.

Statements come from the component, and must not reach the rest of the host: an authorizer rejects other files
(`ATTACH`, `VACUUM INTO`), extensions, and all pragmas that are not about the schema.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self, TypeVar
from weakref import WeakSet

from witkit.abi import Err
from witkit.backends.base import Settings, number
from witkit.backends.room import Room
from witkit.backends.sqlite_file import Anchor, Moved, patiently
from witkit.interfaces.sql import sql as api

from .answers import Bounds, TooMuch
from .errors import allow, case_of
from .parameters import bound

T = TypeVar("T")

TIMEOUT = 5.0
"""The default for `timeout`: the seconds that a statement waits for other users of the database."""

LIMIT = 30.0
"""The default for `limit`: the seconds that a statement may compute."""

LARGEST = 64 * 1024 * 1024
"""The most bytes of one value, or one row."""

_STEPS = 10_000
_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_ENDS = re.compile(rf"{_SPACE}(?:COMMIT|END|RELEASE|ROLLBACK)\b", re.IGNORECASE | re.DOTALL)
_FREES = re.compile(rf"{_SPACE}(?:DELETE|DROP)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits of a statement: the seconds that it waits for others, those that it may compute, and its answer."""

    timeout: float
    limit: float
    bounds: Bounds

    @classmethod
    def of(cls, settings: Settings) -> Terms:
        """The limits from the settings. Raises WitkitError (WIT0910)."""
        timeout, limit = number(settings, "timeout", TIMEOUT), number(settings, "limit", LIMIT)
        return cls(timeout, limit, Bounds.of(settings))


class Refused(Exception):
    """The backend does not open a database; the message says why."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection. For a database in a file, also its anchor and the room on its disk."""

    raw: sqlite3.Connection
    anchor: Anchor | None = None
    room: Room | None = None


class Databases(Protocol):
    """Databases by name."""

    terms: Terms

    def connect(self, name: str) -> Connected:
        """A new connection to the database with this name. Raises sqlite3.Error, OSError, UnicodeEncodeError."""

    def close(self) -> None:
        """Release everything except the connections."""


class OpenConnections:
    """The open connections to databases."""

    def __init__(self, databases: Databases) -> None:
        self._databases, self.terms = databases, databases.terms
        self._closed = False
        self._used: WeakSet[Sql] = WeakSet()

    def connect(self, name: str, user: Sql) -> Connected:
        """A new connection, which `close` closes if it is still in use."""
        self.check()
        found = self._databases.connect(name)
        found.raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
        found.raw.set_authorizer(allow)
        self._used.add(user)
        return found

    def check(self) -> None:
        """Raise `unexpected-error` if the backend is closed."""
        if self._closed:
            raise Err(api.SqlError_UnexpectedError("the databases have been closed"))

    def close(self) -> None:
        """Close all connections. Open transactions are undone."""
        self._closed = True
        for each in list(self._used):
            each.close()
        self._databases.close()


class Statement:
    """`resource statement`: an SQL text and the values of its parameters."""

    def __init__(self, query: str, params: list[str]) -> None:
        self.query, self.params = query, params

    @classmethod
    def prepare(cls, query: str, params: list[str]) -> Self:
        """Keep both as they are. Mistakes in them are errors when the statement runs."""
        return cls(query, list(params))


class Sql:
    """`resource sql`: one connection to one database."""

    _opened: ClassVar[OpenConnections]

    def __init__(self, name: str) -> None:
        with _failures():
            self._connected = self._opened.connect(name, self)
        self._has_read = False

    def close(self) -> None:
        """Close the connection."""
        self._connected.raw.close()

    @classmethod
    def open(cls, name: str) -> Self:
        """A connection to the database with this name."""
        return cls(name)

    def query(self, q: api.Statement) -> list[api.RowItem]:
        """The items of all rows, one after the other."""
        return self._run(q, self._opened.terms.bounds.items)

    def exec(self, q: api.Statement) -> None:
        """Run the statement and discard its rows."""
        self._run(q, _pass_over)

    def _run(self, q: api.Statement, read: Callable[[sqlite3.Cursor], T]) -> T:
        assert isinstance(q, Statement), "the runtime gives back what `prepare` made"
        self._opened.check()
        raw, anchor, room = self._connected.raw, self._connected.anchor, self._connected.room
        with _failures():
            values = bound(q.query, q.params)

            def run() -> T:
                with closing(self._executed(q.query, values)) as cursor:
                    return read(cursor)

            with anchor.held() if anchor else nullcontext():
                if room is None:
                    return run()
                frees = _FREES.match(q.query)
                found = room.freeing(run, in_transaction=raw.in_transaction) if frees else run()
                if not raw.in_transaction:
                    room.restore()
                return found

    def _executed(self, query: str, values: dict[str, str] | tuple[str, ...]) -> sqlite3.Cursor:
        """The cursor at its first row. Waits for others, unless they may be waiting for locks of this connection."""
        terms, raw = self._opened.terms, self._connected.raw
        was_inside = raw.in_transaction

        def attempt() -> sqlite3.Cursor:
            stop = time.monotonic() + terms.limit
            raw.set_progress_handler(lambda: time.monotonic() > stop, _STEPS)
            return raw.execute(query, values)

        waits = not (was_inside and self._has_read) or _ENDS.match(query)
        cursor = patiently(attempt, time.monotonic() + (terms.timeout if waits else 0))
        self._has_read = was_inside and raw.in_transaction
        return cursor


class SqlInterface:
    """`interface sql` over open databases: the implementation for the import."""

    def __init__(self, databases: Databases) -> None:
        self.opened = OpenConnections(databases)
        self._bound = type("Sql", (Sql,), {"_opened": self.opened, "__doc__": Sql.__doc__})

    @property
    def Sql(self) -> type[Sql]:
        """The class of connections to these databases."""
        return self._bound

    @property
    def Statement(self) -> type[Statement]:
        """The class of statements."""
        return Statement


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise Err(api.SqlError_UnexpectedError(failure.strerror or "the database cannot be reached")) from failure
    except (sqlite3.Error, sqlite3.Warning, ValueError, TooMuch, Moved, Refused) as failure:
        raise Err(case_of(failure)) from failure


def _pass_over(rows: sqlite3.Cursor) -> None:
    for _ in rows:
        pass
