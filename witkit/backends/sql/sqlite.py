"""Databases in SQLite files of one folder."""

from __future__ import annotations

import sqlite3
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path

from witkit.backends.base import Opened, Settings, path, reject_unknown_settings
from witkit.backends.folders import opened_folder
from witkit.backends.names import file_name
from witkit.backends.room import Room
from witkit.backends.sqlite_file import Anchor, prepare

from .databases import Connected, SqlInterface, Terms

DEFAULT_PATH = Path(".witkit") / "sql"
"""The default for `path`, relative to the current folder."""

RESERVE = "reserve"
"""The name of the reserve file, which all databases of a folder share."""


class Files:
    """The databases of one folder, with one file each."""

    def __init__(self, root: Path, terms: Terms) -> None:
        self._root, self.terms = root, terms

    def connect(self, name: str) -> Connected:
        """A new connection to the database with this name. Raises sqlite3.Error, OSError, UnicodeEncodeError."""
        file = self._root / f"{file_name(name, 'database-')}.db"
        raw = _connected(file, self.terms.timeout)
        return Connected(raw, Anchor(file), Room(self._root / RESERVE, lambda: _housekeeping(file, self.terms.timeout)))

    def close(self) -> None:
        """There is nothing except the connections."""


class SqliteBackend:
    """Databases as SQLite files.

    Settings: `path`, the folder, created if it does not exist, by default `.witkit/sql`; `timeout`, the seconds that a
    statement waits for other users (5); `limit`, the seconds that it may compute (30); `rows` and `bytes`, the most of
    one answer (a million, and 64 MiB).
    """

    default_path = DEFAULT_PATH

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "path", "timeout", "limit", "rows", "bytes")
        place = path(settings, DEFAULT_PATH, "folder")
        terms = Terms.of(settings)
        files = Files(opened_folder(place, "SQL databases"), terms)
        return Opened(SqlInterface(files), f"SQLite files in the folder {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.opened.close()


def _connected(file: Path, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    prepare(connection, time.monotonic() + timeout)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _housekeeping(file: Path, timeout: float) -> AbstractContextManager[sqlite3.Connection]:
    """A connection for housekeeping, because the guest's may not use the pragmas for it."""
    return closing(_connected(file, timeout))


backend = SqliteBackend()
