"""Room on the disk, so that a guest can delete something when there is none.

What SQLite deletes it writes about first, to its log, and that needs room. So a file is kept to be given up; a database
that nearly fills its disk has its log written back after every change, while there is room for that; and what becomes
free goes back to the disk.
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
"""Bytes that are kept for deleting; an eighth of what is free if that is less, but not below LEAST."""

LEAST: Final = 64 * 1024

TIGHT: Final = 8 * 1024 * 1024
"""Bytes that are free on a disk which is nearly full."""

MARGIN: Final = 24 * 1024
"""Bytes that a change may need besides its value."""

VACUUMED: Final = 32
"""Pages given back in one transaction, whose log has room in the reserve."""


class DiskFull(Exception):
    """There is no room for a change and for writing it back from the log."""

    def __init__(self) -> None:
        super().__init__("database or disk is full")


class Room:
    """The disk of a database. `reserve` is the file that takes room up; `connected` gives a connection for
    housekeeping, whose statements nobody checks."""

    def __init__(self, reserve: Path, connected: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._reserve, self._connected = reserve, connected
        self._is_open = False
        self.keep()

    def keep(self) -> None:
        """Take the reserve's room up, if there is any."""
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
        """Give the reserve's room to others, until `restore`."""
        self._is_open = True
        with suppress(OSError):
            self._reserve.unlink()

    def growing(self, size: int, action: Callable[[], T]) -> T:
        """The result of `action`, which adds about `size` bytes. Raises DiskFull, sqlite3.Error."""
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
        """The result of `action`, which deletes something: on a full disk in the reserve's room.

        In a transaction the room is there before, because a failure would undo the whole of it, and until `restore`.
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
        """After the reserve was given up: give what is free back to the disk, and take the reserve up again."""
        if self._is_open:
            with self._connected() as connection:
                write_back(connection)
                shrink(connection)
            self.keep()

    def _free(self) -> int:
        """Bytes that this process may still use; many where that cannot be found out, as on Windows."""
        try:
            found = os.statvfs(self._reserve.parent)
        except (OSError, AttributeError):
            return TIGHT << 20
        return found.f_frsize * (found.f_bfree if os.geteuid() == 0 else found.f_bavail)


def shrink(connection: sqlite3.Connection) -> None:
    """Give free pages and the log back to the disk, as far as that goes now."""
    with suppress(sqlite3.Error):
        before = -1
        while before != (before := _free_pages(connection)) and before:
            connection.execute(f"PRAGMA incremental_vacuum({VACUUMED})").fetchall()
    write_back(connection)


def write_back(connection: sqlite3.Connection) -> None:
    """Empty a write-ahead log, as far as that goes now."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _free_pages(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("PRAGMA freelist_count").fetchone()
    return int(found)
