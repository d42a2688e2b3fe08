"""Databases in SQLite files of one folder.

A statement comes from the component, which must not reach the host through it: an authorizer refuses to attach other
files (`VACUUM INTO` included), to load extensions, and all pragmas that are not about the schema.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, ClassVar, Self
from weakref import WeakSet

from witkit.abi import Err
from witkit.interfaces.sql import sql as api
from witkit.providers.base import Opened, Settings, number, only, path
from witkit.providers.folders import opened_folder
from witkit.providers.names import file_name

from .parameters import bound

PLACE = Path(".witkit") / "sql"
"""The folder where no `path` is set, in the current one."""

TIMEOUT = 5.0
"""Seconds that a statement waits for other users of the database where no `timeout` is set."""

LIMIT = 30.0
"""Seconds that a statement may compute where no `limit` is set."""

PRAGMAS = {"foreign_key_check", "foreign_key_list", "foreign_keys", "index_info", "index_list", "table_info"}
ROWS = 1_000_000
"""Rows that one answer may have."""

LARGEST = 64 * 1024 * 1024
"""Bytes that one value, or one row, may have."""

_STEPS = 10_000
_REFUSED = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
_ACCESS = {sqlite3.SQLITE_AUTH, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}


class TooMuch(Exception):
    """An answer that the component would not survive, nor the host."""


class Statement:
    """`resource statement`: a text and the values of its parameters."""

    def __init__(self, query: str, params: list[str]) -> None:
        self.query, self.params = query, params

    @classmethod
    def prepare(cls, query: str, params: list[str]) -> Self:
        """Both kept as they are; what is wrong with them is told when the statement is run."""
        return cls(query, list(params))


class Databases:
    """The databases of one folder, a file each."""

    def __init__(self, root: Path, timeout: float, limit: float) -> None:
        self._root, self._timeout, self.limit = root, timeout, limit
        self._closed = False
        self._used: WeakSet[Sql] = WeakSet()

    def use(self, connection: Sql) -> None:
        """Close the connection with the databases, if it is still there then."""
        self._used.add(connection)

    def check(self) -> None:
        """Raises `unexpected-error` once the provider is closed."""
        if self._closed:
            raise Err(api.SqlError_UnexpectedError("the databases have been closed"))

    def close(self) -> None:
        """Close all connections; a transaction that was not ended is undone."""
        self._closed = True
        for each in list(self._used):
            each.close()

    def connect(self, name: str) -> sqlite3.Connection:
        self.check()
        file = self._root / f"{file_name(name, 'database-')}.db"
        connection = sqlite3.connect(file, timeout=self._timeout, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
        connection.set_authorizer(_allow)
        return connection


class Sql:
    """`resource sql`: one connection to one database."""

    _databases: ClassVar[Databases]

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._databases.use(self)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @classmethod
    def open(cls, name: str) -> Self:
        """A connection to the database of this name."""
        try:
            return cls(cls._databases.connect(name))
        except (sqlite3.Error, UnicodeEncodeError) as failure:
            raise Err(_case_of(failure)) from failure

    def query(self, q: api.Statement) -> list[api.RowItem]:
        """The items of all rows, one after the other."""
        cursor, rows = self._run(q)
        names = [column[0] for column in cursor.description or ()]
        return [api.RowItem(name, _value(value)) for row in rows for name, value in zip(names, row, strict=True)]

    def exec(self, q: api.Statement) -> None:
        """Run the statement; rows are thrown away."""
        self._run(q)

    def _run(self, q: api.Statement) -> tuple[sqlite3.Cursor, list[tuple[Any, ...]]]:
        assert isinstance(q, Statement), "the runtime gives back what `prepare` made"
        self._databases.check()
        stop = time.monotonic() + self._databases.limit
        self._connection.set_progress_handler(lambda: time.monotonic() > stop, _STEPS)
        try:
            values = bound(q.query, q.params)
            cursor = self._connection.execute(q.query, values)
            rows = cursor.fetchmany(ROWS)
            if cursor.fetchone() is not None:
                raise TooMuch(f"the answer has more than {ROWS} rows")
            return cursor, rows
        except (sqlite3.Error, sqlite3.Warning, ValueError, TooMuch) as failure:
            raise Err(_case_of(failure)) from failure


class Sqlite:
    """`interface sql` over the databases of one folder: what the import of a component is given."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self._bound = type("Sql", (Sql,), {"_databases": databases, "__doc__": Sql.__doc__})

    @property
    def Sql(self) -> type[Sql]:
        """The connection's class; its `open` reaches these databases and no other."""
        return self._bound

    @property
    def Statement(self) -> type[Statement]:
        """The statement's class."""
        return Statement


class SqliteProvider:
    """Databases as SQLite files.

    Settings: `path`, the folder, made where it is missing, `.witkit/sql` in the current one by default;
    `timeout`, the seconds that a statement waits for other users (5); `limit`, the seconds it may compute (30).
    """

    def open(self, settings: Settings) -> Opened:
        only(settings, "path", "timeout", "limit")
        place = path(settings, PLACE, "folder")
        timeout, limit = number(settings, "timeout", TIMEOUT), number(settings, "limit", LIMIT)
        databases = Databases(opened_folder(place, "SQL databases"), timeout, limit)
        return Opened(Sqlite(databases), f"SQLite files in the folder {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.databases.close()


def _allow(action: int, one: str | None, two: str | None, database: str | None, trigger: str | None) -> int:
    """What a statement may do: anything with its own database."""
    if action in _REFUSED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (one or "").lower() not in PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _value(value: Any) -> api.DataType:
    match value:
        case None:
            return api.DataType_Null()
        case int():
            return api.DataType_Int64(value)
        case float():
            return api.DataType_Double(value)
        case str():
            return api.DataType_Str(value)
        case _:
            return api.DataType_Binary(value)


def _case_of(failure: Exception) -> api.SqlError:
    message = str(failure)
    code = (getattr(failure, "sqlite_errorcode", None) or 0) & 0xFF
    if code in _ACCESS or "not authorized" in message or "prohibited" in message:
        return api.SqlError_AccessViolation(message)
    if isinstance(failure, sqlite3.IntegrityError):
        return api.SqlError_ConstraintViolation(message)
    if code == sqlite3.SQLITE_INTERRUPT:
        return api.SqlError_UnexpectedError("the statement computed for longer than it may")
    if isinstance(failure, TooMuch):
        return api.SqlError_UnexpectedError(message)
    understood = code not in (sqlite3.SQLITE_ERROR, 0)
    return api.SqlError_UnexpectedError(message) if understood else api.SqlError_SyntaxError(message)


provider = SqliteProvider()
