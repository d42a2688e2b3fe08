"""SQLite databases in the memory of this process, which end with the backend."""

from __future__ import annotations

import secrets
import sqlite3
from threading import Lock

from witkit.backends.base import Opened, Settings, count, reject_unknown_settings

from .databases import Connected, Refused, SqlInterface, Terms

MEMORY = 64 * 1024 * 1024
"""The default for `memory`: the most bytes of one database."""

MOST = 16
"""The most databases of one backend."""


class Databases:
    """Databases by name. One connection keeps each of them alive while no other is open."""

    def __init__(self, memory: int, terms: Terms) -> None:
        self._memory, self.terms = memory, terms
        self._token = secrets.token_hex(8)
        self._kept: dict[str, tuple[str, sqlite3.Connection]] = {}
        self._lock = Lock()

    def connect(self, name: str) -> Connected:
        """A new connection to the database with this name. Raises Refused, UnicodeEncodeError."""
        name.encode()  # as a name has to be for a file
        with self._lock:
            if name not in self._kept:
                if len(self._kept) >= MOST:
                    raise Refused(f"there are already {MOST} databases")
                address = f"file:/witkit-{self._token}-{len(self._kept)}?vfs=memdb"
                self._kept[name] = address, self._connected(address)
            return Connected(self._connected(self._kept[name][0]))

    def close(self) -> None:
        """Forget the databases."""
        for _, connection in self._kept.values():
            connection.close()

    def _connected(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(address, timeout=0, isolation_level=None, check_same_thread=False, uri=True)
        (page,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute(f"PRAGMA max_page_count = {max(1, self._memory // page)}").fetchone()
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


class MemoryBackend:
    """Databases in memory.

    Settings: `memory`, the most bytes of one database (64 MiB); `timeout`, `limit`, `rows` and `bytes` as for databases
    in files.
    """

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "memory", "timeout", "limit", "rows", "bytes")
        databases = Databases(count(settings, "memory", MEMORY), Terms.of(settings))
        return Opened(SqlInterface(databases), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.opened.close()


backend = MemoryBackend()
