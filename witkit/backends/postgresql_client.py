"""Connections to PostgreSQL, and its errors as failures: for the backends of every capability."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from .backend import Requirement
from .failure import Failure, Kind
from .idle import Idle
from .postgresql_url import not_one

if TYPE_CHECKING:
    from psycopg import Error

    from .postgresql_connection import BoundedConnection

POSTGRESQL: Final = Requirement("psycopg", "postgresql")

URL: Final = "postgresql://127.0.0.1:5432/postgres"
"""The default for `url`."""

_REFUSED: Final = ("authentication failed", "no password supplied", "pg_hba.conf", "permission denied", 'role "')
"""What the server says when it refuses a connection, which has no SQLSTATE for the client."""

IDLE: Final = 0
"""libpq's `PQTRANS_IDLE`: no statement runs, and no transaction. A closed connection has another status."""

GRACE: Final = 0.25
"""The seconds by which the server may be late with saying that a statement took too long."""

_SETTINGS: Final = (
    "SELECT set_config('statement_timeout', %(statement_timeout)s, false),"
    " set_config('default_transaction_isolation', 'read committed', false)"
)
"""A stricter isolation, which can be the default of a database, would fail statements instead of letting them wait."""

_MAY_CREATE: Final = (
    b"SELECT has_schema_privilege(coalesce(%s, current_schema()), 'CREATE')"
    b" AND current_setting('transaction_read_only') = 'off'"
)
"""Whether the user may create a table in a schema, or in the one that unqualified names mean."""

_KINDS: Final = {
    "08": Kind.UNREACHABLE,
    "28": Kind.DENIED,
    "3D": Kind.DENIED,
    "42501": Kind.DENIED,
    "25006": Kind.DENIED,
    "53100": Kind.FULL,
    "53200": Kind.FULL,
    "53300": Kind.UNREACHABLE,
    "54": Kind.INVALID_VALUE,
    "22": Kind.INVALID_VALUE,
    "57014": Kind.TIMEOUT,
    "55P03": Kind.TIMEOUT,
    "57": Kind.UNREACHABLE,
    "58": Kind.IO,
    "XX": Kind.IO,
}
"""SQLSTATEs, or the classes that they begin with, by what they mean."""

_MESSAGES: Final = {
    Kind.UNREACHABLE: "there is no connection to the server",
    Kind.DENIED: "the server refuses the credentials, or these may not do it",
    Kind.FULL: "the server has no memory or disk left",
    Kind.INVALID_VALUE: "the server cannot hold a value like this",
    Kind.TIMEOUT: "the server did not answer in time",
    Kind.IO: "the server cannot read or write its data",
    Kind.OTHER: "the server refuses the operation",
}


class ConnectionPool:
    """Connections to one database, in autocommit mode. Threads may share it: each call has a connection for itself.

    A statement is sent once. If its connection was lost while nobody used it, it gets a new one.
    """

    def __init__(self, url: str, timeout: float) -> None:
        """Connect to nothing yet. Raises WitkitError (WIT0910) if the URL is wrong."""
        from psycopg import Error
        from psycopg.conninfo import conninfo_to_dict

        try:
            self._options = conninfo_to_dict(url)
        except Error:
            raise not_one() from None
        self.error = Error  # found once, and not at each call
        self._timeout = max(timeout, 0.001)
        self._idle: Idle[BoundedConnection] = Idle(lambda: Failure(Kind.CLOSED, "the storage is closed"))

    @property
    def location(self) -> str:
        """`PostgreSQL at 127.0.0.1:5432, database shop`."""
        options = self._options
        place = f"{options.get('host') or 'localhost'}:{options.get('port') or 5432}"
        return f"PostgreSQL at {place}, database {options.get('dbname') or options.get('user') or 'of the user'}"

    def run(self, statement: bytes, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a statement, one of a few, as tuples. Raises Failure."""
        try:
            connection = self.taken()
            try:
                return connection.run(statement, values)
            finally:
                self.back(connection)
        except self.error as error:
            raise _failure(error) from error

    def check_open(self) -> None:
        """Raise Failure (CLOSED) after `close`."""
        self._idle.check()

    def close(self) -> None:
        """Close all connections; those in use when their statement ends."""
        for connection in self._idle.close():
            with suppress(Exception):
                connection.close()

    def taken(self) -> BoundedConnection:
        """A connection for one user, until `back`. Raises Failure and psycopg's Error."""
        while (connection := self._idle.take()) is not None:
            if not connection.lost():
                return connection
            connection.close()
        return self._connected()

    def back(self, connection: BoundedConnection) -> None:
        """Take a connection back, to use it again or to close it."""
        if connection.pgconn.transaction_status != IDLE or not self._idle.put(connection):
            connection.close()

    def _connected(self) -> BoundedConnection:
        from .postgresql_connection import BoundedConnection

        options: dict[str, Any] = {"connect_timeout": max(2, round(self._timeout)), **self._options}
        connection = BoundedConnection.connect(**options, autocommit=True)
        connection.seconds = self._timeout + GRACE
        connection.execute(_SETTINGS, {"statement_timeout": f"{self._timeout * 1000:.0f}ms"})
        return connection


class Table:
    """A table by the name that a setting gives: `table` or `schema.table`."""

    def __init__(self, pool: ConnectionPool, name: str) -> None:
        from psycopg.sql import Identifier

        self._pool, self._name = pool, Identifier(*name.split(".", 1)).as_string()
        self._schema = name.split(".", 1)[0] if "." in name else None
        self._written = self._name.replace("%", "%%")
        self._statements: dict[str, bytes] = {}

    def run(self, query: str, values: Any = ()) -> list[Any]:
        """The rows of a query, one of a few, with `{}` for the table, as tuples. Raises Failure."""
        statement = self._statements.get(query)
        if statement is None:
            statement = self._statements[query] = query.replace("{}", self._written).encode()
        return self._pool.run(statement, values)

    def look(self, query: str) -> None:
        """Run a query that changes nothing if the table exists. Raises Failure, also if it could not be created."""
        if self._exists():
            self.run(query)
        elif not self._pool.run(_MAY_CREATE, [self._schema])[0][0]:
            detail = f"there is no table {self._name}, and the user may not create it"
            raise Failure(Kind.DENIED, _MESSAGES[Kind.DENIED], detail)

    def create(self, columns: str) -> None:
        """Create the table if it does not exist. Raises Failure."""
        if self._exists():
            return
        try:
            self.run(f"CREATE TABLE IF NOT EXISTS {{}} ({columns})")
        except Failure:
            # Another program may create it at the same time, which the server refuses with one of several errors.
            if not self._exists():
                raise

    def _exists(self) -> bool:
        return bool(self._pool.run(b"SELECT to_regclass(%s)", [self._name])[0][0])


def _failure(error: Error) -> Failure:
    from psycopg import OperationalError
    from psycopg.errors import ConnectionTimeout, _WaitTimeout

    said = str(error).strip()
    if isinstance(error, _WaitTimeout | ConnectionTimeout):
        kind = Kind.TIMEOUT
    elif error.sqlstate:
        kind = _KINDS.get(error.sqlstate) or _KINDS.get(error.sqlstate[:2], Kind.OTHER)
    elif any(words in said for words in _REFUSED):
        kind = Kind.DENIED
    else:
        kind = Kind.UNREACHABLE if isinstance(error, OperationalError) else Kind.OTHER
    return Failure(kind, _MESSAGES[kind], said)
