"""SQLite databases in the memory of this process, which end with the backend."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from threading import Lock

from witkit.backends.backend import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, setting

from .bounds import SqlSettings
from .open_connections import OpenConnections
from .protocol import Sql, SqlConnection
from .sqlite_connection import SqliteConnection
from .sqlite_errors import failures

MEMORY = 64 * 1024 * 1024
"""The default for `memory`, in bytes."""

MOST = 16
"""The most databases of one backend."""


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(SqlSettings):
    memory: int = setting(COUNT, "The most bytes of one database.", MEMORY)


class MemoryDatabases(Sql):
    """Databases by name. One connection keeps each of them alive while no other is open."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self._settings, self._open = settings, OpenConnections()
        self._token = secrets.token_hex(8)
        self._kept: dict[str, tuple[str, sqlite3.Connection]] = {}
        self._lock = Lock()

    def connect(self, database: str) -> SqlConnection:
        self._open.check()
        with failures(), self._lock:
            made = SqliteConnection(self._connected(self._address(database)), self._settings)
        self._open.add(made)
        return made

    def check(self) -> None:
        self._open.check()

    def close(self) -> None:
        self._open.close()
        with self._lock:
            for _, connection in self._kept.values():
                connection.close()
            self._kept.clear()

    def _address(self, name: str) -> str:
        if name not in self._kept:
            if len(self._kept) >= MOST:
                raise Failure(Kind.FULL, f"there are already {MOST} databases")
            address = f"file:/witkit-{self._token}-{len(self._kept)}?vfs=memdb"
            self._kept[name] = address, self._connected(address)
        return self._kept[name][0]

    def _connected(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(address, timeout=0, isolation_level=None, check_same_thread=False, uri=True)
        (page,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute(f"PRAGMA max_page_count = {max(1, self._settings.memory // page)}").fetchone()
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


backend = Backend("SQLite databases in the memory of this process.", MemoryDatabases, MemorySettings)
