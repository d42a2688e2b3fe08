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
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from witkit.backends.backend import Backend
from witkit.backends.base import cannot_open
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.room import DiskFull, Room
from witkit.backends.settings import FILE, SECONDS, BackendSettings, setting
from witkit.backends.sqlite_file import BUSY, Anchor, Moved, patiently, prepare, primary
from witkit.text import WitkitError

from .protocol import KeyValue, closed

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
_IN_USE = "other users of the storage did not finish in time"
_TOO_LARGE = "SQLite cannot hold a key or value of this size"
_STORAGE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@dataclass(frozen=True, slots=True, repr=False)
class SqliteSettings(BackendSettings):
    path: Path = setting(FILE, "The file, created if it does not exist.", DEFAULT_PATH)
    timeout: float = setting(SECONDS, "How long a call waits for other processes.", TIMEOUT)


class SqliteStores(KeyValue):
    """One connection, which the threads of this process use in turn."""

    limits = Limits()

    def __init__(self, settings: SqliteSettings) -> None:
        file = settings.path.absolute()
        try:
            connection = connect(file, settings.timeout)
        except (OSError, ValueError, sqlite3.Error) as failure:
            raise _cannot_open(settings.path, failure) from failure
        self._connection: sqlite3.Connection | None = connection
        self._lock, self._timeout = Lock(), settings.timeout
        self._anchor = Anchor(file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm")))
        self._room = Room(file.with_name(f"{file.name}-reserve"), lambda: nullcontext(connection))
        self.location = f"the SQLite file {settings.path}"

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

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        query = "SELECT key FROM key_value WHERE store = ? AND key > ? ORDER BY key LIMIT ?"
        return [key for (key,) in self._run(query, store, after, -1 if count is None else count)]

    def delete(self, store: str, key: str) -> None:
        self._run("DELETE FROM key_value WHERE store = ? AND key = ?", store, key, frees=True)

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        grows = len(new) + 4 * len(key)
        if old is None:
            query = "INSERT INTO key_value VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1"
            return bool(self._run(query, store, key, new, grows=grows))
        query = "UPDATE key_value SET value = ? WHERE store = ? AND key = ? AND value = ? RETURNING 1"
        return bool(self._run(query, new, store, key, old, grows=grows))

    def check(self) -> None:
        self._run("SELECT 1 FROM key_value LIMIT 1")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _run(
        self, statement: str, *values: str | bytes | int, grows: int = 0, frees: bool = False
    ) -> list[tuple[Any, ...]]:
        """All rows of a statement. `grows` is roughly how many bytes it adds. With `frees`, it may use the reserve."""
        with _failures(), self._turn() as (connection, deadline):

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
                raise closed()
            yield self._connection, deadline
        finally:
            self._lock.release()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except OverflowError as failure:
        raise Failure(Kind.INVALID_VALUE, _TOO_LARGE) from failure
    except Moved as failure:
        raise Failure(Kind.IO, str(failure)) from failure
    except DiskFull as failure:
        raise Failure(Kind.FULL, str(failure)) from failure
    except TimeoutError as failure:
        raise Failure(Kind.TIMEOUT, _IN_USE) from failure
    except sqlite3.Error as failure:
        raise _failure(failure) from failure


def _failure(failure: sqlite3.Error) -> Failure:
    code = primary(failure)
    if code in BUSY:
        return Failure(Kind.TIMEOUT, _IN_USE)
    if code == _TOO_BIG or isinstance(failure, sqlite3.DataError):
        return Failure(Kind.INVALID_VALUE, _TOO_LARGE)
    return Failure(Kind.IO if code in _STORAGE else Kind.OTHER, str(failure))


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


def _cannot_open(place: Path, failure: Exception) -> WitkitError:
    reason, help = _reason(failure), "use another file, or make this one and its folder writable"
    if place.is_dir():
        reason, help = "it is a folder", "give the path of a file"
    elif isinstance(failure, sqlite3.Error) and primary(failure) in _DAMAGED:
        help = "use another file, or remove this one if its data is not needed"
    return cannot_open(f"the file for key-value stores cannot be used: {reason}", help, str(place))


def _reason(failure: Exception) -> str:
    return (failure.strerror if isinstance(failure, OSError) else None) or str(failure)


backend = Backend("A SQLite file, which several processes may use.", SqliteStores, SqliteSettings)
