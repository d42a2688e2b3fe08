"""SQLite files as backends use them: waiting fairly, and noticing that the file is gone.

SQLite itself waits with growing pauses, so that of many writers some starve. Here every call tries again after a short
random pause until its time is over. What was written to a file that nobody finds any more is not acknowledged: SQLite
would not notice that the file has been removed, renamed or replaced.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
PAUSE = (0.0005, 0.0025)
"""Shortest and longest pause before another try, in seconds."""


class Moved(Exception):
    """The file has been removed, renamed or replaced since it was opened."""

    def __init__(self) -> None:
        super().__init__("the file of the data has been removed or replaced while it was open")


def primary(failure: BaseException) -> int | None:
    """SQLite's result code without its extension, which says more than anyone here needs to know."""
    code: int | None = getattr(failure, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def patiently(action: Callable[[], T], deadline: float) -> T:
    """The result of `action`, tried again while the file is in use, until `deadline` on the monotonic clock."""
    while True:
        try:
            return action()
        except sqlite3.OperationalError as failure:
            if primary(failure) not in BUSY or time.monotonic() >= deadline:
                raise
        time.sleep(random.uniform(*PAUSE))


class Anchor:
    """The files of a database as they were when it was opened."""

    def __init__(self, *files: Path) -> None:
        self._files = [(file, _identity(file)) for file in files if file.exists()]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises Moved after the body where one of the files is not there any more: what it did is lost then."""
        try:
            yield
        except sqlite3.Error:
            self.check()
            raise
        self.check()

    def check(self) -> None:
        """Raises Moved where one of them is not there any more."""
        try:
            if all(_identity(file) == known for file, known in self._files):
                return
        except OSError:
            pass
        raise Moved


def prepare(connection: sqlite3.Connection, deadline: float) -> None:
    """What every database has: acknowledged changes are on disk, and deleting needs as little room as it can.

    That a deleted value is overwritten with zeros (`secure_delete`, on in some builds) would need as much room as it
    had. Free pages can be given back where the database was made by this. Raises sqlite3.Error.
    """
    (pages,) = patiently(partial(connection.execute, "PRAGMA page_count"), deadline).fetchone()
    # To a database that is there, this would write.
    new = () if pages else ("auto_vacuum = INCREMENTAL",)
    for pragma in (*new, "synchronous = FULL", "secure_delete = OFF"):
        patiently(partial(connection.execute, f"PRAGMA {pragma}"), deadline).fetchall()


def _identity(file: Path) -> Sequence[int]:
    found = file.stat()
    return found.st_dev, found.st_ino
