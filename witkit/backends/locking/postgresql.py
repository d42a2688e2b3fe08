"""Locks in one table of a PostgreSQL database.

    service bytea, name bytea, secret bytea, until timestamptz, PRIMARY KEY (service, name)

The server's clock says which locks are over. PostgreSQL also has advisory locks, but those have numbers for names, end
with a connection instead of a time, and cannot be freed by another process.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends import postgresql_url
from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.postgresql_client import POSTGRESQL, URL, ConnectionPool, Table
from witkit.backends.settings import SECRET, TEXT, setting

from .leases import LeasedLocks, LeaseSettings, LockServer
from .protocol import LockToken

LIMITS: Final = Limits(name=1024, key=1024)
"""An entry of the table's index has at most 2704 bytes."""

SWEEP: Final = 100
"""The number of locks taken after which those that are over are deleted."""

COLUMNS: Final = (
    "service bytea NOT NULL, name bytea NOT NULL, secret bytea NOT NULL, until timestamptz NOT NULL,"
    " PRIMARY KEY (service, name)"
)
ACQUIRE: Final = (
    "INSERT INTO {} AS held"
    " SELECT %(service)s, %(name)s, %(secret)s, clock_timestamp() + make_interval(secs => %(life)s)"
    " WHERE NOT EXISTS"
    " (SELECT 1 FROM {} WHERE service = %(service)s AND name = %(name)s AND until > clock_timestamp())"
    " ON CONFLICT (service, name) DO UPDATE SET secret = excluded.secret, until = excluded.until"
    " WHERE held.until <= clock_timestamp() RETURNING 1"
)
RENEW: Final = (
    "UPDATE {} SET until = clock_timestamp() + make_interval(secs => %(life)s) WHERE service = %(service)s"
    " AND name = %(name)s AND secret = %(secret)s AND until > clock_timestamp() RETURNING true"
)
RELEASE: Final = (
    "DELETE FROM {} WHERE service = %(service)s AND name = %(name)s AND secret = %(secret)s"
    " RETURNING until > clock_timestamp()"
)
FORGET: Final = (
    "DELETE FROM {} WHERE (service, name) IN"
    " (SELECT service, name FROM {} WHERE until <= clock_timestamp() LIMIT 1000 FOR UPDATE SKIP LOCKED)"
)


@dataclass(frozen=True, slots=True, repr=False)
class PostgresqlSettings(LeaseSettings):
    url: str = setting(SECRET, "The database, with user and password.", URL, checked=postgresql_url.checked)
    table: str = setting(TEXT, "The table, or `schema.table`, created if it does not exist.", "witkit_locks")


class PostgresqlServer(LockServer):
    """One table."""

    def __init__(self, settings: PostgresqlSettings) -> None:
        self._pool = ConnectionPool(settings.url, settings.answer_timeout)
        self.location = f"{self._pool.location}, table {settings.table}"
        self._table = Table(self._pool, settings.table)
        self._taken = itertools.count(1)

    def acquire(self, service: str, token: LockToken, seconds: float) -> float:
        if not self._run(ACQUIRE, service, token, seconds):
            return 0
        if next(self._taken) % SWEEP == 0:
            self._table.run(FORGET)
        return seconds

    def renew(self, service: str, token: LockToken, seconds: float) -> bool:
        return self._run(RENEW, service, token, seconds)

    def release(self, service: str, token: LockToken) -> bool:
        return self._run(RELEASE, service, token)

    def check(self) -> None:
        self._table.look("SELECT service, name, secret, until FROM {} LIMIT 1")

    def prepare(self) -> None:
        """Create the table if it does not exist."""
        self._table.create(COLUMNS)

    def close(self) -> None:
        self._pool.close()

    def _run(self, query: str, service: str, token: LockToken, life: float = 0) -> bool:
        """Whether the query answers with a row that begins with something true."""
        values: Any = {"service": service.encode(), "name": token.name, "secret": token.secret, "life": life}
        return any(row[0] for row in self._table.run(query, values))


def _opened(settings: PostgresqlSettings) -> LeasedLocks:
    return LeasedLocks(PostgresqlServer(settings), settings, LIMITS)


backend = Backend("Locks in a table of a PostgreSQL database.", _opened, PostgresqlSettings, LIMITS, POSTGRESQL)
