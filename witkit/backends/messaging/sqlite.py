"""Topics in one SQLite file, which the processes of one machine share.

A group, or a subscription without one, is a queue. Publishing copies a message into every queue of its topic, in one
step. The queue of a subscription without a group goes with the process that has it, however that ends. The clock that
says when a message comes again starts with the machine, and then all messages can be received.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from witkit.backends.backend import Backend
from witkit.backends.budget import Full
from witkit.backends.errors import cannot_open
from witkit.backends.failure import Failure
from witkit.backends.limits import Limits
from witkit.backends.locking.clock import boot, now
from witkit.backends.locking.session import Session, is_alive, sweep
from witkit.backends.room import Room
from witkit.backends.settings import COUNT, FILE, SECONDS, BackendSettings, setting
from witkit.backends.sqlite_failures import failures, opened_file
from witkit.backends.sqlite_file import Anchor, SharedConnection, patiently

from .headers import NO_HEADERS, Headers, from_json, to_json
from .protocol import AGAIN, WAIT, Messages, Received, closed
from .subscriptions import Subscriptions, polled

DEFAULT_PATH: Final = Path(".witkit") / "messages.db"
"""The default for `path`, relative to the current folder."""

LIMITS: Final = Limits(name=65_536, key=65_536, value=1 << 26)

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS queues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    broker TEXT NOT NULL,
    topic TEXT NOT NULL,
    member TEXT NOT NULL,
    session TEXT NOT NULL,
    UNIQUE (broker, topic, member)
);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL REFERENCES queues ON DELETE CASCADE,
    message BLOB NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    boot TEXT NOT NULL DEFAULT '',
    due REAL NOT NULL DEFAULT 0,
    headers TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS of_queue ON messages (queue, id)
"""

FULL: Final = """
SELECT 1 FROM queues WHERE broker = :broker AND topic = :topic
AND EXISTS (SELECT 1 FROM messages WHERE queue = queues.id LIMIT 1 OFFSET :most - 1)
"""

PUBLISH: Final = f"""
INSERT INTO messages (queue, message, headers)
SELECT id, :message, :headers FROM queues WHERE broker = :broker AND topic = :topic
AND NOT EXISTS ({FULL}) RETURNING 1
"""

NEXT: Final = """
SELECT id FROM messages WHERE queue = :queue AND (boot <> :boot OR due <= :now) ORDER BY id LIMIT 1
"""

TAKE: Final = f"""
UPDATE messages SET attempt = attempt + 1, held = 1, boot = :boot, due = :due WHERE id = ({NEXT})
RETURNING id, message, attempt, headers
"""


@dataclass(frozen=True, slots=True, repr=False)
class SqliteSettings(BackendSettings):
    path: Path = setting(FILE, "The file, created if it does not exist.", DEFAULT_PATH)
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    messages: int = setting(COUNT, "The most messages that one subscription or group holds.", 100_000)
    timeout: float = setting(SECONDS, "How long a call waits for other processes.", 5.0)


@dataclass(frozen=True, slots=True)
class Subscription:
    queue: int
    topic: str
    is_shared: bool


class SqliteMessages(Messages):
    """One connection, which the threads of this process use in turn."""

    limits = LIMITS
    carries_headers = True

    def __init__(self, settings: SqliteSettings) -> None:
        self.wait, self._settings, self._file = settings.wait, settings, settings.path.absolute()
        connection = opened_file(settings.path, "messages", SCHEMA, settings.timeout)
        connection.execute("PRAGMA foreign_keys = ON").fetchall()
        with suppress(sqlite3.OperationalError):  # The column is there, except in a file of an earlier version.
            connection.execute("ALTER TABLE messages ADD COLUMN headers TEXT NOT NULL DEFAULT ''").fetchall()
        self._turns = SharedConnection(connection, settings.timeout, closed)
        try:
            self._session = Session(self._file)
        except OSError as failure:
            self._turns.close()
            reason = failure.strerror or str(failure)
            raise cannot_open(f"the file for messages cannot be used: {reason}", file=str(settings.path)) from failure
        self._anchor = Anchor.of(self._file, self._session.file)
        self._room = Room(self._file.with_name(f"{self._file.name}-reserve"), lambda: nullcontext(connection))
        self._subscriptions: Subscriptions[Subscription] = Subscriptions(self._end)
        self.location = f"the SQLite file {settings.path}"
        with suppress(Failure):  # `check` says what is wrong with the file.
            self._forget_the_dead()

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        values: dict[str, Any] = {"broker": broker, "topic": topic, "most": self._settings.messages}
        insert: dict[str, Any] = {"message": message, "headers": to_json(headers)}
        grows = len(message) + 4 * len(insert["headers"])
        for is_last in (False, True):
            if self._run(PUBLISH, grows=grows, **insert, **values) or not self._run(FULL, **values):
                return
            if is_last:
                raise Full(f"a subscription of the topic already holds {self._settings.messages} messages")
            self._forget_the_dead()

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        self._subscriptions.expect_open()
        self._forget_the_dead()
        # Two letters keep groups apart from the names of single subscriptions.
        member = f"s:{secrets.token_hex(16)}" if group is None else f"g:{group}"
        values: dict[str, Any] = {"broker": broker, "topic": topic, "member": member}
        session = self._session.name if group is None else ""
        made = "INSERT INTO queues (broker, topic, member, session) VALUES (:broker, :topic, :member, :session)"
        self._run(f"{made} ON CONFLICT DO NOTHING", grows=4 * len(topic), session=session, **values)
        query = "SELECT id FROM queues WHERE broker = :broker AND topic = :topic AND member = :member"
        ((queue,),) = self._run(query, **values)
        return self._subscriptions.add(Subscription(queue, topic, group is not None))

    def receive(self, token: str, wait: float) -> Received | None:
        return polled(lambda: self._taken(self._subscriptions[token]), wait)

    def acknowledge(self, token: str, received: Received) -> None:
        if self._subscriptions.get(token) is not None:
            number, attempt = received.receipt
            query = "DELETE FROM messages WHERE id = :number AND attempt = :attempt AND held"
            self._run(query, frees=True, number=number, attempt=attempt)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        if self._subscriptions.get(token) is not None:
            number, attempt = received.receipt
            query = "UPDATE messages SET held = 0, due = :due WHERE id = :number AND attempt = :attempt AND held"
            self._run(query, number=number, attempt=attempt, due=now() + delay)

    def unsubscribe(self, token: str) -> None:
        self._subscriptions.end(token)

    def check(self) -> None:
        self._run("SELECT 1 FROM queues LIMIT 1")

    def close(self) -> None:
        """End the subscriptions of this process that have no group."""
        if self._subscriptions.close():
            self._turns.close()
            self._session.close()

    def _taken(self, subscription: Subscription) -> Received | None:
        """The next message. Looks first, so that those who wait keep nobody from writing."""
        values: dict[str, Any] = {"queue": subscription.queue, "boot": boot(), "now": now()}
        if not self._run(NEXT, **values):
            return None
        for number, message, attempt, headers in self._run(TAKE, due=now() + self._settings.again, **values):
            return Received(subscription.topic, message, (number, attempt), attempt, from_json(headers))
        return None

    def _end(self, subscription: Subscription) -> None:
        if not subscription.is_shared:
            self._run("DELETE FROM queues WHERE id = :queue", frees=True, queue=subscription.queue)

    def _forget_the_dead(self) -> None:
        """Remove the subscriptions of processes that ended without closing."""
        for (session,) in self._run("SELECT DISTINCT session FROM queues WHERE session <> ''"):
            if session != self._session.name and not is_alive(self._file, session):
                self._run("DELETE FROM queues WHERE session = :session", frees=True, session=session)
        sweep(self._file)

    def _run(self, statement: str, *, grows: int = 0, frees: bool = False, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of a statement. `grows` is roughly how many bytes it adds. With `frees`, it may use the reserve."""
        with failures(), self._turns.turn() as (connection, deadline):

            def run() -> list[tuple[Any, ...]]:
                return patiently(lambda: connection.execute(statement, values).fetchall(), deadline)

            with self._anchor.held():
                if frees:
                    return self._room.freeing(run)
                return self._room.growing(grows, run) if grows else run()


backend = Backend("A SQLite file, which the processes of one machine share.", SqliteMessages, SqliteSettings, LIMITS)
