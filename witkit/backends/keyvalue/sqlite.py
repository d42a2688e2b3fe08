"""Key-value stores in one SQLite file, which several processes may use at the same time.

The file is in WAL mode, so that readers and a writer do not wait for each other. `synchronous` is `FULL`: acknowledged
changes survive a crash of the machine. Writers wait for each other up to `timeout`. `delete` works even on a full disk,
and returns the space to the disk (see `witkit.backends.room`).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from witkit.backends.base import Opened, Settings, cannot_open, number, path, reject_unknown_settings
from witkit.backends.room import DiskFull, Room
from witkit.backends.sqlite_file import BUSY, Anchor, Moved, patiently, prepare, primary
from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.text import WitkitError

from .storage import Closed, Stores

DEFAULT_PATH = Path(".witkit") / "key-value.db"
"""The default for `path`, relative to the current folder."""

TIMEOUT = 5.0
"""The default for `timeout`, in seconds."""

_TABLE = """
CREATE TABLE IF NOT EXISTS key_value (
    store TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (store, key)
)
"""

PAGES = 64
"""The pages of the write-ahead log after which SQLite moves them to the file, which may fail on a full disk."""

_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
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
    """One connection, which the threads of this process use in turn."""

    def __init__(self, connection: sqlite3.Connection, file: Path, timeout: float) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._lock, self._timeout = Lock(), timeout
        self._anchor = Anchor(file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm")))
        self._room = Room(file.with_name(f"{file.name}-reserve"), lambda: nullcontext(connection))

    def create(self, store: str) -> None:
        """Check that the file can be read. A store exists as soon as it has a key."""
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
            grows=len(value) + 4 * len(key),
        )

    def keys(self, store: str) -> list[str]:
        return [key for (key,) in self._run("SELECT key FROM key_value WHERE store = ?", store)]

    def delete(self, store: str, key: str) -> None:
        self._run("DELETE FROM key_value WHERE store = ? AND key = ?", store, key, frees=True)

    def case_of(self, failure: Exception) -> kv.KeyvalueError | None:
        if isinstance(failure, OverflowError):
            return kv.KeyvalueError_InvalidValue("SQLite cannot hold a key or value of this size")
        if isinstance(failure, Moved | DiskFull):
            return kv.KeyvalueError_IoError(str(failure))
        if isinstance(failure, TimeoutError):
            return _IN_USE
        return _case_of(failure) if isinstance(failure, sqlite3.Error) else None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _run(self, statement: str, *values: str | bytes, grows: int = 0, frees: bool = False) -> list[tuple[Any, ...]]:
        """All rows of a statement. `grows` is roughly how many bytes it adds. With `frees`, it may use the reserve."""
        with self._turn() as (connection, deadline):

            def run() -> list[tuple[Any, ...]]:
                return patiently(lambda: connection.execute(statement, values), deadline).fetchall()

            with self._anchor.held():
                if frees:
                    return self._room.freeing(run)
                return self._room.growing(grows, run) if grows else run()

    @contextmanager
    def _turn(self) -> Iterator[tuple[sqlite3.Connection, float]]:
        """The connection for this thread alone, and the deadline of its call. Raises TimeoutError, Closed."""
        deadline = time.monotonic() + self._timeout
        if not self._lock.acquire(timeout=self._timeout):
            raise TimeoutError
        try:
            if self._connection is None:
                raise Closed
            yield self._connection, deadline
        finally:
            self._lock.release()


_IN_USE = kv.KeyvalueError_TimeoutError("other users of the storage did not finish in time")


def _case_of(failure: sqlite3.Error) -> kv.KeyvalueError:
    code = primary(failure)
    if code in BUSY:
        return _IN_USE
    if code == _TOO_BIG or isinstance(failure, sqlite3.DataError):
        return kv.KeyvalueError_InvalidValue("SQLite cannot hold a key or value of this size")
    if code in _STORAGE:
        return kv.KeyvalueError_IoError(str(failure))
    return kv.KeyvalueError_UnexpectedError(str(failure))


def connect(file: Path, timeout: float) -> sqlite3.Connection:
    """A connection to the file, which is created with its table if necessary. Raises sqlite3.Error and OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    deadline = time.monotonic() + timeout
    try:
        prepare(connection, deadline)
        patiently(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone(), deadline)
        connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES}").fetchall()
        patiently(lambda: connection.execute(_TABLE), deadline)
    except BaseException:
        connection.close()
        raise
    return connection


class SqliteBackend:
    """Key-value stores in a SQLite file.

    Settings: `path`, the file, created if it does not exist, by default `.witkit/key-value.db`; `timeout`, the seconds
    that a call waits for other processes, by default 5.
    """

    default_path = DEFAULT_PATH

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "path", "timeout")
        place, timeout = path(settings, DEFAULT_PATH, "file"), number(settings, "timeout", TIMEOUT)
        try:
            file = place.absolute()
            storage = Sqlite(connect(file, timeout), file, timeout)
        except (OSError, ValueError, sqlite3.Error) as failure:
            raise _cannot_open(place, failure) from failure
        return Opened(Stores(storage), f"the SQLite file {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.storage.close()


def _cannot_open(place: Path, failure: Exception) -> WitkitError:
    reason, help = _reason(failure), "use another file, or make this one and its folder writable"
    if place.is_dir():
        reason, help = "it is a folder", "give the path of a file"
    elif isinstance(failure, sqlite3.Error) and primary(failure) in _DAMAGED:
        help = "use another file, or remove this one if its data is not needed"
    return cannot_open(f"the file for key-value stores cannot be used: {reason}", help, str(place))


def _reason(failure: Exception) -> str:
    return (failure.strerror if isinstance(failure, OSError) else None) or str(failure)


backend = SqliteBackend()
