"""Databases of a PostgreSQL server."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from witkit.backends.backend import Backend, Requirement
from witkit.backends.failure import Failure, Kind
from witkit.backends.postgresql_url import SCHEMES, checked, not_one
from witkit.backends.settings import SECRET, setting

from .bounds import SqlSettings
from .database_url import PLACE, DatabaseUrl
from .server_databases import ServerDatabases
from .waiting import READ, WRITE, Waiter

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

    from .postgresql_session import PostgresqlSession

URL: Final = (
    "The server and the database, as `postgresql://user:password@host/database`. `{name}` is what a guest opens."
)
EVERYWHERE: Final = "postgres"
"""A database that every server has, to check the connection if guests choose the database."""

_REFUSED: Final = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist|permission denied"
    r"|not permitted to log in",
)
_UNKNOWN: Final = re.compile(r"database .* does not exist")
_NOT_THIS_ONE: Final = re.compile(
    r"database .* does not exist|permission denied for database|no pg_hba\.conf entry .*database"
)
_CROWDED: Final = re.compile(r"too many (?:connections|clients)|connection slots are reserved")


def _checked(url: str) -> None:
    DatabaseUrl(url, SCHEMES)
    checked(url.replace(PLACE, "name"))


@dataclass(frozen=True, slots=True, repr=False)
class PostgresqlSettings(SqlSettings):
    url: str = setting(SECRET, URL, checked=_checked)


class PostgresqlDatabases(ServerDatabases):
    def __init__(self, settings: PostgresqlSettings) -> None:
        super().__init__(settings.url, SCHEMES)
        self._settings = settings
        self.location = f"PostgreSQL at {_place(_parts(settings.url))}"

    def _reach(self) -> None:
        try:
            self._session(self._url.named(EVERYWHERE)).close()
        except Failure as failure:
            # The server knows the user, who may have other databases only.
            if not (self._url.has_place and _NOT_THIS_ONE.search(failure.detail)):
                raise

    def _session(self, url: str) -> PostgresqlSession:
        from psycopg import OperationalError

        from .postgresql_session import PostgresqlSession

        try:
            return PostgresqlSession(_connected(url, self._settings), self._settings)
        except OperationalError as lost:
            raise _failure(str(lost)) from lost


def _connected(url: str, settings: PostgresqlSettings) -> PGconn:
    """A connection within the time that the settings allow. Raises Failure."""
    from psycopg import pq

    conn = pq.PGconn.connect_start(_information(url, settings).encode())
    conn.notice_handler = None
    deadline = time.monotonic() + settings.timeout
    while (status := conn.connect_poll()) != pq.PollingStatus.OK:
        if status == pq.PollingStatus.FAILED:
            raise _failure(conn.get_error_message())
        events = WRITE if status == pq.PollingStatus.WRITING else READ
        # Another address of the server has another socket.
        if not Waiter(conn.socket).ready(events, deadline - time.monotonic()):
            raise Failure(Kind.TIMEOUT, "the database did not answer in time", "no connection within the timeout")
    return conn


def _information(url: str, settings: PostgresqlSettings) -> str:
    """What libpq connects with: the URL, with the limits and the formats of this backend."""
    from psycopg.conninfo import make_conninfo

    limit, timeout = (max(1, round(each * 1000)) for each in (settings.limit, settings.timeout))
    own = f"-c statement_timeout={limit} -c lock_timeout={timeout} -c datestyle=ISO -c bytea_output=hex"
    options = f"{own} {_parts(url).get('options', '')}".strip()
    return make_conninfo(url, options=options, client_encoding="utf8", fallback_application_name="witkit")


def _parts(url: str) -> dict[str, str]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        return {name: str(value) for name, value in conninfo_to_dict(url.replace(PLACE, "name")).items()}
    except ProgrammingError:
        # Its message may quote a part of the URL.
        raise not_one() from None


def _place(parts: dict[str, str]) -> str:
    host = parts.get("host") or parts.get("hostaddr") or "localhost"
    return f"{host}:{parts['port']}" if "port" in parts else host


def _failure(said: str) -> Failure:
    """The failure for a refused connection. libpq gives no code for it, only the text of the server."""
    if _UNKNOWN.search(said):
        return Failure(Kind.INVALID_NAME, "there is no database with this name", said)
    if _CROWDED.search(said):
        return Failure(Kind.FULL, "the database has no connections left", said)
    if _REFUSED.search(said):
        return Failure(Kind.DENIED, "the database refuses the credentials", said)
    return Failure(Kind.UNREACHABLE, "the database cannot be reached", said)


backend = Backend(
    "Databases of a PostgreSQL server.",
    PostgresqlDatabases,
    PostgresqlSettings,
    requires=Requirement("psycopg", "postgresql"),
)
