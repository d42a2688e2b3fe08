"""Locks in one SQLite file, which the processes of one machine share.

A lock with a time to live has the moment of its end on a clock that nobody can set. A lock without one belongs to the
session of its host, which the operating system ends with the process. Neither outlives a restart of the machine, so
that changes need not be flushed to disk one by one.
"""

from __future__ import annotations

import itertools
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from witkit.backends.backend import Backend
from witkit.backends.errors import cannot_open
from witkit.backends.failure import Failure
from witkit.backends.limits import Limits
from witkit.backends.room import Room
from witkit.backends.settings import FILE, SECONDS, BackendSettings, setting
from witkit.backends.sqlite_failures import failures, opened_file
from witkit.backends.sqlite_file import Anchor, SharedConnection, patiently

from .clock import boot, now
from .protocol import TIMEOUT, Locks, LockToken, closed, eventually
from .session import Session, is_alive, sweep

DEFAULT_PATH: Final = Path(".witkit") / "locks.db"
"""The default for `path`, relative to the current folder."""

PATIENCE: Final = 5.0
"""The seconds that one step waits for other processes that use the file."""

PAUSES: Final = (0.002, 0.05)
"""The seconds between two looks at a lock that is held."""

LIMITS: Final = Limits(name=65_536, key=65_536)

SCHEMA: Final = """
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
CREATE INDEX IF NOT EXISTS ends ON locks (until) WHERE until IS NOT NULL
"""

PUT: Final = """
INSERT INTO locks VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (service, name) DO UPDATE
SET secret = excluded.secret, boot = excluded.boot, taken = excluded.taken, until = excluded.until,
    session = excluded.session
WHERE NOT is_held(locks.boot, locks.taken, locks.until, locks.session) RETURNING 1
"""

SWEEP: Final = 100
"""The number of locks taken after which those that are over are deleted."""


@dataclass(frozen=True, slots=True, repr=False)
class SqliteSettings(BackendSettings):
    path: Path = setting(FILE, "The file, created if it does not exist.", DEFAULT_PATH)
    timeout: float = setting(SECONDS, "How long `lock` waits for a lock.", TIMEOUT)


class SqliteLocks(Locks):
    """One row per lock that is held."""

    limits = LIMITS

    def __init__(self, settings: SqliteSettings) -> None:
        self._file, self.timeout = settings.path.absolute(), settings.timeout
        connection = opened_file(settings.path, "locks", SCHEMA, PATIENCE)
        connection.execute("PRAGMA synchronous = NORMAL").fetchall()
        connection.create_function("is_held", 4, self._is_held)
        self._turns, self._taken = SharedConnection(connection, PATIENCE, closed), itertools.count(1)
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
        token = LockToken.new(name)
        taken = self._put(service, token, life) or eventually(
            lambda: not self._somebody_holds(service, name) and self._put(service, token, life), wait, PAUSES
        )
        return bytes(token) if taken else None

    def free(self, service: str, token: bytes) -> bool:
        found = LockToken.read(token)
        if found is None:
            return False
        query = "DELETE FROM locks WHERE service = ? AND name = ? AND secret = ? RETURNING boot, taken, until, session"
        rows = self._run(query, service, found.name, found.secret, frees=True)
        return any(self._is_held(*row) for row in rows)

    def check(self) -> None:
        self._run("SELECT 1 FROM locks LIMIT 1")

    def close(self) -> None:
        """End the session, and so free its locks."""
        with suppress(Failure):
            self._forget(self._session.name)
        self._turns.close()
        self._session.close()

    def _somebody_holds(self, service: str, name: bytes) -> bool:
        """Look at a lock without keeping writers waiting."""
        rows = self._run("SELECT boot, taken, until, session FROM locks WHERE service = ? AND name = ?", service, name)
        return any(self._is_held(*row) for row in rows)

    def _is_held(self, started: str, taken: float, until: float | None, session: str) -> bool:
        """Whether the lock of a row is held."""
        if started != boot() or taken > now():  # From before the machine was restarted.
            return False
        if until is not None:
            return now() < until
        return session == self._session.name or is_alive(self._file, session)

    def _put(self, service: str, token: LockToken, life: float | None) -> bool:
        """Take the lock if nobody holds it, in one step."""
        taken = now()
        if next(self._taken) % SWEEP == 0:
            self._run("DELETE FROM locks WHERE until <= ?", taken)
        until, session = (None, self._session.name) if life is None else (taken + life, "")
        values = (service, token.name, token.secret, boot(), taken, until, session)
        return bool(self._run(PUT, *values))

    def _forget_the_dead(self) -> None:
        """Remove what earlier hosts have left behind."""
        sweep(self._file)
        for (session,) in self._run("SELECT DISTINCT session FROM locks WHERE session <> ''"):
            if not is_alive(self._file, session):
                self._forget(session)

    def _forget(self, session: str) -> None:
        self._run("DELETE FROM locks WHERE session = ?", session)

    def _run(self, statement: str, *values: str | bytes | float | None, frees: bool = False) -> list[tuple[Any, ...]]:
        """All rows of a statement. With `frees`, it may use the reserve on a full disk."""
        with failures(), self._turns.turn() as (connection, deadline):

            def run() -> list[tuple[Any, ...]]:
                return patiently(lambda: connection.execute(statement, values), deadline).fetchall()

            with self._anchor.held():
                return self._room.freeing(run) if frees else run()


backend = Backend("A SQLite file, which the processes of one machine share.", SqliteLocks, SqliteSettings, LIMITS)
