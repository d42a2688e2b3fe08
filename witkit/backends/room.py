"""Keep room on the disk, so that a guest can delete something when the disk is full.

SQLite writes deletions to its log first, which needs room. So a reserve file is kept, to be given up for that. If a
database nearly fills its disk, its log is written back after every change, while there is room for that. Freed pages
are returned to the disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Final, TypeVar

from .sqlite_file import primary

T = TypeVar("T")

RESERVE: Final = 512 * 1024
"""The size of the reserve in bytes; an eighth of the free space if that is less, but not below LEAST."""

LEAST: Final = 64 * 1024

TIGHT: Final = 8 * 1024 * 1024
"""A disk with fewer free bytes is nearly full."""

MARGIN: Final = 24 * 1024
"""The bytes that a change may need besides its value."""

VACUUMED: Final = 32
"""The pages returned in one transaction, whose log fits into the reserve."""


class DiskFull(Exception):
    """There is no room for a change and for writing it back from the log."""

    def __init__(self) -> None:
        super().__init__("database or disk is full")


class Room:
    """The disk of a database. `reserve` is the path of the reserve file; `connected` returns a connection for
    housekeeping, without an authorizer."""

    def __init__(self, reserve: Path, connected: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._reserve, self._folder, self._connected = reserve, str(reserve.parent), connected
        self._is_open = False
        self.keep()

    def keep(self) -> None:
        """Fill the reserve, if there is room."""
        with suppress(OSError):
            has = self._reserve.stat().st_size if self._reserve.exists() else 0
            wanted = min(RESERVE, max((self._free() + has) // 8, LEAST))
            self._is_open = False
            if has >= wanted:
                return
            try:
                with self._reserve.open("wb") as file:
                    file.write(bytes(wanted))
                    file.flush()
                    os.fsync(file.fileno())
            except OSError:
                self.give_up()

    def give_up(self) -> None:
        """Give up the reserve until `restore`."""
        self._is_open = True
        with suppress(OSError):
            self._reserve.unlink()

    def growing(self, size: int, action: Callable[[], T]) -> T:
        """Run `action`, which adds roughly `size` bytes, and return its result. Raises DiskFull, sqlite3.Error."""
        if self._free() >= TIGHT + 2 * size:
            return action()
        if self._free() < MARGIN + 2 * size:
            self.give_up()
            self.restore()
            if self._free() < MARGIN + 2 * size:
                raise DiskFull
        with self._connected() as connection:
            try:
                return action()
            finally:
                write_back(connection)

    def freeing(self, action: Callable[[], T], *, in_transaction: bool = False) -> T:
        """Run `action`, which deletes something, and return its result. On a full disk, this uses the reserve.

        In a transaction, the reserve is given up before, because a failure would undo all of it, and until `restore`.
        """
        if in_transaction:
            if self._free() < TIGHT:
                self.give_up()
            return action()
        try:
            return action()
        except sqlite3.Error as failure:
            if primary(failure) != sqlite3.SQLITE_FULL:
                raise
        self.give_up()
        with self._connected() as connection:
            write_back(connection)
        try:
            return action()
        finally:
            self.restore()

    def restore(self) -> None:
        """After the reserve was given up: return free pages to the disk, and fill the reserve again."""
        if self._is_open:
            with self._connected() as connection:
                write_back(connection)
                shrink(connection)
            self.keep()

    def _free(self) -> int:
        """The bytes that this process may still use. A large number if that is unknown, as on Windows."""
        try:
            found = os.statvfs(self._folder)
        except (OSError, AttributeError):
            return TIGHT << 20
        return found.f_frsize * (found.f_bfree if os.geteuid() == 0 else found.f_bavail)


def shrink(connection: sqlite3.Connection) -> None:
    """Return free pages and the log to the disk, as far as possible now."""
    with suppress(sqlite3.Error):
        before = -1
        while before != (before := _free_pages(connection)) and before:
            connection.execute(f"PRAGMA incremental_vacuum({VACUUMED})").fetchall()
    write_back(connection)


def write_back(connection: sqlite3.Connection) -> None:
    """Empty the write-ahead log, as far as possible now."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _free_pages(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("PRAGMA freelist_count").fetchone()
    return int(found)
