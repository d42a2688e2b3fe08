"""SQLite files for backends: fair waiting, and a check that the file still exists.

SQLite itself waits with growing pauses, so that some of many writers starve. Here, every call tries again after a short
random pause until its deadline. SQLite does not notice that its file was removed, renamed or replaced; changes to such
a file are not acknowledged here.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

from witkit._waiting import check

T = TypeVar("T")

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
PAUSE = (0.0005, 0.0025)
"""The shortest and the longest pause before another try, in seconds."""


SETTLED: Final = 1_000_000_000
"""The nanoseconds after which a folder that changes has another time of change, on every file system."""


class Moved(Exception):
    """The file has been removed, renamed or replaced since it was opened."""

    def __init__(self) -> None:
        super().__init__("the data file has been removed or replaced while it was open")


def primary(failure: BaseException) -> int | None:
    """SQLite's primary result code, without the details of the extended one."""
    code: int | None = getattr(failure, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def patiently(action: Callable[[], T], deadline: float) -> T:
    """Run `action` again while the file is in use, until `deadline` on the monotonic clock; return its result.

    Between two attempts, what stops the guest that waits is raised.
    """
    while True:
        try:
            return action()
        except sqlite3.OperationalError as failure:
            if primary(failure) not in BUSY or time.monotonic() >= deadline:
                raise
        check()
        time.sleep(random.uniform(*PAUSE))


def rows(
    connection: sqlite3.Connection, statement: str, values: Sequence[str | bytes | int], deadline: float
) -> list[tuple[Any, ...]]:
    """All rows of a statement, for which the file is waited for as `patiently` does."""
    try:
        cursor = connection.execute(statement, values)
    except sqlite3.OperationalError as failure:
        if primary(failure) not in BUSY:
            raise
        cursor = patiently(partial(connection.execute, statement, values), deadline)
    return cursor.fetchall()


class Anchor:
    """The files of a database as they were when it was opened."""

    def __init__(self, *files: Path) -> None:
        self._files = [(str(file), _identity(str(file))) for file in files if file.exists()]
        self._folder = _common_folder(files)
        self._known: Sequence[int] | None = None

    @classmethod
    def of(cls, file: Path, *more: Path) -> Anchor:
        """The files of a database in WAL mode, and others that belong to it."""
        return cls(file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm")), *more)

    def held(self) -> Anchor:
        """A context that raises Moved after its body if one of the files is gone: the body's changes are then lost."""
        return self

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        if raised is None or isinstance(raised, sqlite3.Error):
            self.check()

    def check(self) -> None:
        """Raise Moved if one of the files is gone."""
        try:
            state = _state(self._folder) if self._folder else None
            if state is not None and state == self._known:
                return
            for file, known in self._files:
                if _identity(file) != known:
                    raise Moved
        except OSError:
            raise Moved from None
        # Later changes must have another time than this one.
        self._known = state if state is not None and time.time_ns() - state[2] > SETTLED else None


class SharedConnection:
    """One connection, which the threads of this process use in turn.

    Contexts that every call of a guest enters are classes here: a generator would cost seven times as much.
    """

    def __init__(self, connection: sqlite3.Connection, timeout: float, closed: Callable[[], Exception]) -> None:
        """`timeout` is in seconds, for one turn. `closed` makes what is raised after `close`."""
        self._connection: sqlite3.Connection | None = connection
        self._lock, self._timeout, self._closed = Lock(), timeout, closed

    def turn(self) -> SharedConnection:
        """A context with the connection for this thread alone, and the deadline of its turn. Raises TimeoutError."""
        return self

    def __enter__(self) -> tuple[sqlite3.Connection, float]:
        deadline = time.monotonic() + self._timeout
        if not self._lock.acquire(False) and not self._lock.acquire(timeout=self._timeout):
            raise TimeoutError
        if self._connection is None:
            self._lock.release()
            raise self._closed()
        return self._connection, deadline

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        self._lock.release()

    def close(self) -> None:
        """Close the connection after the turns that have begun."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


def prepare(connection: sqlite3.Connection, deadline: float) -> None:
    """Set up a database: acknowledged changes are on disk, and deleting needs as little room as possible.

    `secure_delete`, which is on in some builds, would overwrite a deleted value with zeros, and so need as much room as
    the value had. Free pages can be returned to the disk if this created the database. Raises sqlite3.Error.
    """
    (pages,) = patiently(partial(connection.execute, "PRAGMA page_count"), deadline).fetchone()
    # In an existing database, this would write.
    new = () if pages else ("auto_vacuum = INCREMENTAL",)
    for pragma in (*new, "synchronous = FULL", "secure_delete = OFF"):
        patiently(partial(connection.execute, f"PRAGMA {pragma}"), deadline).fetchall()


def _common_folder(files: Sequence[Path]) -> str | None:
    """The folder in which a file cannot vanish without changing the folder's time of change, if there is one."""
    folders = {str(file.parent) for file in files}
    if os.name == "nt" or len(folders) != 1 or any(file.is_symlink() for file in files):
        return None
    return folders.pop()


def _state(folder: str) -> Sequence[int]:
    found = os.stat(folder)  # noqa: PTH116
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _identity(file: str) -> tuple[int, int]:
    found = os.stat(file)  # noqa: PTH116 - several times per call, and twice as fast as that of a Path
    return found.st_dev, found.st_ino
