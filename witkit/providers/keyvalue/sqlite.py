"""Key-value stores in one SQLite file, which several processes may use at once.

The file is in WAL mode, so that readers and a writer do not wait for each other, and `synchronous` is `FULL`: a
change that was acknowledged survives a crash of the machine. Writers wait for each other up to `timeout`.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from threading import Lock
from typing import Any

from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.providers.base import Opened, Settings, cannot_open, number, only, path
from witkit.text import WitkitError

from .storage import Closed, Stores

PLACE = Path(".witkit") / "key-value.db"
"""The file where no `path` is set, in the current folder."""

TIMEOUT = 5.0
"""Seconds that a call waits for other processes where no `timeout` is set."""

_TABLE = """
CREATE TABLE IF NOT EXISTS key_value (
    store TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (store, key)
)
"""

_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_TOO_BIG = sqlite3.SQLITE_TOOBIG
_STORAGE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


class Sqlite:
    """One connection, which the threads of this process share in turn."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._lock = Lock()

    def create(self, store: str) -> None:
        """A store is there as soon as it has a key; this tells a file that cannot be read."""
        self._run("SELECT 1 FROM key_value LIMIT 1")

    def get(self, store: str, key: str) -> bytes | None:
        for (value,) in self._run("SELECT value FROM key_value WHERE store = ? AND key = ?", store, key):
            found: bytes = value
            return found
        return None

    def set(self, store: str, key: str, value: bytes) -> None:
        self._run(
            "INSERT INTO key_value VALUES (?, ?, ?) ON CONFLICT (store, key) DO UPDATE SET value = excluded.value",
            store,
            key,
            value,
        )

    def keys(self, store: str) -> list[str]:
        return [key for (key,) in self._run("SELECT key FROM key_value WHERE store = ?", store)]

    def delete(self, store: str, key: str) -> None:
        self._run("DELETE FROM key_value WHERE store = ? AND key = ?", store, key)

    def case_of(self, failure: Exception) -> kv.KeyvalueError | None:
        if isinstance(failure, OverflowError):
            return kv.KeyvalueError_InvalidValue("SQLite cannot hold a key or value of this size")
        return _case_of(failure) if isinstance(failure, sqlite3.Error) else None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _run(self, statement: str, *values: str | bytes) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._connection is None:
                raise Closed
            return self._connection.execute(statement, values).fetchall()


def _case_of(failure: sqlite3.Error) -> kv.KeyvalueError:
    code = _primary(failure)
    if code in _BUSY:
        return kv.KeyvalueError_TimeoutError("other users of the storage did not make way in time")
    if code == _TOO_BIG or isinstance(failure, sqlite3.DataError):
        return kv.KeyvalueError_InvalidValue("SQLite cannot hold a key or value of this size")
    if code in _STORAGE:
        return kv.KeyvalueError_IoError(str(failure))
    return kv.KeyvalueError_UnexpectedError(str(failure))


def _primary(failure: sqlite3.Error) -> int | None:
    """SQLite's result code without its extension, which says more than anyone here needs to know."""
    code: int | None = getattr(failure, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def connect(file: Path, timeout: float) -> sqlite3.Connection:
    """A connection to the file, made where it is missing, with its table. Raises sqlite3.Error and OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, time.monotonic() + timeout)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, deadline: float) -> None:
    """Change to WAL mode, for which SQLite itself does not wait while another process is doing the same."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as failure:
            if _primary(failure) not in _BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(_TABLE)


class SqliteProvider:
    """Key-value stores in a SQLite file.

    Settings: `path`, the file, made where it is missing, `.witkit/key-value.db` in the current folder by default;
    `timeout`, the seconds that a call waits for other processes, 5 by default.
    """

    def open(self, settings: Settings) -> Opened:
        only(settings, "path", "timeout")
        place, timeout = path(settings, PLACE, "file"), number(settings, "timeout", TIMEOUT)
        try:
            connection = connect(place.absolute(), timeout)
        except (OSError, ValueError, sqlite3.Error) as failure:
            raise _cannot_open(place, failure) from failure
        return Opened(Stores(Sqlite(connection)), f"the SQLite file {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.storage.close()


def _cannot_open(place: Path, failure: Exception) -> WitkitError:
    reason, help = _reason(failure), "give another file, or make this one and its folder writable"
    if place.is_dir():
        reason, help = "it is a folder", "give the path of a file"
    elif isinstance(failure, sqlite3.Error) and _primary(failure) in _DAMAGED:
        help = "give another file, or remove this one if its data is not needed"
    return cannot_open(f"the file for key-value stores cannot be used: {reason}", help, str(place))


def _reason(failure: Exception) -> str:
    return (failure.strerror if isinstance(failure, OSError) else None) or str(failure)


provider = SqliteProvider()
