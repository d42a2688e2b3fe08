"""Locks in one SQLite file, which the processes of one machine share.

A lock with a time to live has the moment of its end on a clock that nobody can set. A lock without one belongs to the
session of its host, which the operating system ends with the process. Neither outlives a restart of the machine, so
that changes need not be flushed to disk one by one.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from witkit.backends.backend import Backend
from witkit.backends.base import cannot_open
from witkit.backends.failure import Failure
from witkit.backends.limits import Limits
from witkit.backends.room import Room
from witkit.backends.settings import FILE, SECONDS, BackendSettings, setting
from witkit.backends.sqlite_failures import failures, opened_file
from witkit.backends.sqlite_file import Anchor, Turns, patiently

from .clock import boot, now
from .protocol import TIMEOUT, Locks, Token, closed, eventually
from .session import Session, is_alive, sweep

DEFAULT_PATH: Final = Path(".witkit") / "locks.db"
"""The default for `path`, relative to the current folder."""

PATIENCE: Final = 5.0
"""The seconds that one step waits for other processes that use the file."""

PAUSES: Final = (0.002, 0.05)
"""The seconds between two looks at a lock that is held."""

LIMITS: Final = Limits(name=65_536, key=65_536)

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS locks (
    service TEXT NOT NULL,
    name BLOB NOT NULL,
    secret BLOB NOT NULL,
    boot TEXT NOT NULL,
    taken REAL NOT NULL,
    until REAL,
    session TEXT NOT NULL,
    PRIMARY KEY (service, name)
);
CREATE INDEX IF NOT EXISTS ends ON locks (until)
"""


@dataclass(frozen=True, slots=True, repr=False)
class SqliteSettings(BackendSettings):
    path: Path = setting(FILE, "The file, created if it does not exist.", DEFAULT_PATH)
    timeout: float = setting(SECONDS, "How long `lock` waits for a lock.", TIMEOUT)


class SqliteLocks(Locks):
    """One row per lock that is held."""

    limits = LIMITS

    def __init__(self, settings: SqliteSettings) -> None:
        self._file, self.timeout = settings.path.absolute(), settings.timeout
        connection = opened_file(settings.path, "locks", _SCHEMA, PATIENCE)
        connection.execute("PRAGMA synchronous = NORMAL").fetchall()
        self._turns = Turns(connection, PATIENCE, closed)
        try:
            self._session = Session(self._file)
        except OSError as failure:
            self._turns.close()
            reason = failure.strerror or str(failure)
            raise cannot_open(f"the file for locks cannot be used: {reason}", file=str(settings.path)) from failure
        self._anchor = Anchor.of(self._file, self._session.file)
        self._room = Room(self._file.with_name(f"{self._file.name}-reserve"), lambda: nullcontext(connection))
        self.location = f"the SQLite file {settings.path}"
        try:
            self._forget_the_dead()
        except Failure as failure:
            self.close()
            raise cannot_open(
                f"the file for locks cannot be used: {failure.message}", file=str(settings.path)
            ) from failure

    def take(self, service: str, name: bytes, life: float | None, wait: float) -> bytes | None:
        token = Token.new(name)
        taken = eventually(lambda: self._attempt(service, token, life), wait, PAUSES)
        return bytes(token) if taken else None

    def free(self, service: str, token: bytes) -> bool:
        found = Token.read(token)
        if found is None:
            return False
        query = "DELETE FROM locks WHERE service = ? AND name = ? AND secret = ? RETURNING boot, taken, until, session"
        values = (service, found.name, found.secret)
        with failures(), self._turns.turn() as (connection, deadline), self._anchor.held():
            rows = self._room.freeing(lambda: patiently(lambda: connection.execute(query, values).fetchall(), deadline))
        return any(self._is_held(*row) for row in rows)

    def check(self) -> None:
        with failures(), self._turns.turn() as (connection, deadline), self._anchor.held():
            patiently(lambda: connection.execute("SELECT 1 FROM locks LIMIT 1").fetchall(), deadline)

    def close(self) -> None:
        """End the session, and so free its locks."""
        with suppress(Failure), failures(), self._turns.turn() as (connection, deadline):
            self._forget(connection, self._session.name, deadline)
        self._turns.close()
        self._session.close()

    def _attempt(self, service: str, token: Token, life: float | None) -> bool:
        with failures(), self._turns.turn() as (connection, deadline), self._anchor.held():
            if self._somebody_holds(connection, service, token.name, deadline):
                return False
            size = len(service) * 4 + len(token.name)
            return self._room.growing(size, lambda: self._put(connection, service, token, life, deadline))

    def _somebody_holds(self, connection: sqlite3.Connection, service: str, name: bytes, deadline: float) -> bool:
        query = "SELECT boot, taken, until, session FROM locks WHERE service = ? AND name = ?"
        rows = patiently(lambda: connection.execute(query, (service, name)).fetchall(), deadline)
        return any(self._is_held(*row) for row in rows)

    def _is_held(self, started: str, taken: float, until: float | None, session: str) -> bool:
        """Whether the lock of a row is held."""
        if started != boot() or taken > now():  # From before the machine was restarted.
            return False
        if until is not None:
            return now() < until
        return session == self._session.name or is_alive(self._file, session)

    def _put(
        self, connection: sqlite3.Connection, service: str, token: Token, life: float | None, deadline: float
    ) -> bool:
        """Take the lock in one transaction. False if somebody has taken it."""
        patiently(lambda: connection.execute("BEGIN IMMEDIATE"), deadline)
        try:
            if self._somebody_holds(connection, service, token.name, deadline):
                return False
            taken = now()
            until, session = (None, self._session.name) if life is None else (taken + life, "")
            connection.execute("DELETE FROM locks WHERE until <= ?", (taken,))
            connection.execute(
                "INSERT OR REPLACE INTO locks VALUES (?, ?, ?, ?, ?, ?, ?)",
                (service, token.name, token.secret, boot(), taken, until, session),
            )
            connection.execute("COMMIT")
            return True
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _forget_the_dead(self) -> None:
        """Remove what earlier hosts have left behind."""
        sweep(self._file)
        with failures(), self._turns.turn() as (connection, deadline):
            query = "SELECT DISTINCT session FROM locks WHERE session <> ''"
            for (session,) in patiently(lambda: connection.execute(query).fetchall(), deadline):
                if not is_alive(self._file, session):
                    self._forget(connection, session, deadline)

    def _forget(self, connection: sqlite3.Connection, session: str, deadline: float) -> None:
        patiently(lambda: connection.execute("DELETE FROM locks WHERE session = ?", (session,)), deadline)


backend = Backend("A SQLite file, which the processes of one machine share.", SqliteLocks, SqliteSettings, LIMITS)
