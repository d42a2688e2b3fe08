"""Key-value stores in one SQLite file, which several processes may use at the same time.

The file is in WAL mode, so that readers and a writer do not wait for each other. `synchronous` is `FULL`: acknowledged
changes survive a crash of the machine. Writers wait for each other up to `timeout`. `delete` works even on a full disk,
and returns the space to the disk (see `witkit.backends.room`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.room import Room
from witkit.backends.settings import FILE, SECONDS, BackendSettings, setting
from witkit.backends.sqlite_failures import failures, opened_file
from witkit.backends.sqlite_file import Anchor, SharedConnection, rows

from .protocol import KeyValue, closed
from .watching import Looking, Watch

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


@dataclass(frozen=True, slots=True, repr=False)
class SqliteSettings(BackendSettings):
    path: Path = setting(FILE, "The file, created if it does not exist.", DEFAULT_PATH)
    timeout: float = setting(SECONDS, "How long a call waits for other processes.", TIMEOUT)


class SqliteStores(KeyValue):
    """One connection, which the threads of this process use in turn."""

    limits = Limits()

    def __init__(self, settings: SqliteSettings) -> None:
        file = settings.path.absolute()
        connection = opened_file(settings.path, "key-value stores", _TABLE, settings.timeout)
        connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES}").fetchall()
        self._turns = SharedConnection(connection, settings.timeout, closed)
        self._anchor = Anchor.of(file)
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

    def watch(self, store: str, keys: Collection[str] | None = None) -> Watch:
        """The file is looked at every 50 ms: values that differ then are seen, whichever process has stored them."""
        return Looking(store, keys, self._version, lambda: self._watched(store, keys))

    def check(self) -> None:
        self._run("SELECT 1 FROM key_value LIMIT 1")

    def close(self) -> None:
        self._turns.close()

    def _version(self) -> object:
        """What differs after other connections, or this one, have changed anything."""
        return self._run("PRAGMA data_version"), self._run("SELECT total_changes()")

    def _watched(self, store: str, keys: Collection[str] | None) -> Iterator[tuple[str, bytes]]:
        if keys is None:
            yield from ((key, value) for key in self.keys(store) if (value := self.get(store, key)) is not None)
        else:
            yield from ((key, value) for key in sorted(keys) if (value := self.get(store, key)) is not None)

    def _run(
        self, statement: str, *values: str | bytes | int, grows: int = 0, frees: bool = False
    ) -> list[tuple[Any, ...]]:
        """All rows of a statement. `grows` is roughly how many bytes it adds. With `frees`, it may use the reserve."""
        with failures(), self._turns.turn() as (connection, deadline), self._anchor.held():
            if not grows and not frees:
                return rows(connection, statement, values, deadline)
            run = partial(rows, connection, statement, values, deadline)
            return self._room.freeing(run) if frees else self._room.growing(grows, run)


backend = Backend("A SQLite file, which several processes may use.", SqliteStores, SqliteSettings)
