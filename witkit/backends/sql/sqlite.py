"""Databases in SQLite files of one folder."""

from __future__ import annotations

import sqlite3
import time
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

from witkit.backends.backend import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.folders import opened_folder
from witkit.backends.limits import Limits
from witkit.backends.names import file_name
from witkit.backends.room import Room
from witkit.backends.settings import FOLDER, setting
from witkit.backends.sqlite_file import Anchor, prepare

from .bounds import SqlSettings
from .open_connections import OpenConnections
from .protocol import Sql, SqlConnection
from .sqlite_connection import SqliteConnection
from .sqlite_errors import failures

DEFAULT_PATH = Path(".witkit") / "sql"
"""The default for `path`, relative to the current folder."""

RESERVE = "reserve"
"""The name of the reserve file, which all databases of a folder share."""


@dataclass(frozen=True, slots=True, repr=False)
class SqliteSettings(SqlSettings):
    path: Path = setting(FOLDER, "The folder, created if it does not exist.", DEFAULT_PATH)


class SqliteDatabases(Sql):
    """The databases of one folder, with one file each."""

    limits = Limits()

    def __init__(self, settings: SqliteSettings) -> None:
        self._settings, self._open = settings, OpenConnections()
        self._root = opened_folder(settings.path, "SQL databases")
        self.location = f"SQLite files in the folder {settings.path}"

    def connect(self, database: str) -> SqlConnection:
        self._open.check()
        timeout = self._settings.timeout
        file = self._root / f"{file_name(database, 'database-')}.db"
        with failures():
            raw = _connected(file, timeout)
            room = Room(self._root / RESERVE, lambda: _housekeeping(file, timeout))
            made = SqliteConnection(raw, self._settings, Anchor(file), room)
        self._open.add(made)
        return made

    def check(self) -> None:
        self._open.check()
        if not self._root.is_dir():
            raise Failure(Kind.IO, "the folder of the databases has been removed")

    def close(self) -> None:
        self._open.close()


def _connected(file: Path, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    prepare(connection, time.monotonic() + timeout)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _housekeeping(file: Path, timeout: float) -> AbstractContextManager[sqlite3.Connection]:
    """A connection for housekeeping, because the guest's may not use the pragmas for it."""
    return closing(_connected(file, timeout))


backend = Backend("SQLite files in one folder.", SqliteDatabases, SqliteSettings)
