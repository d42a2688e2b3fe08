"""A connection to MariaDB through PyMySQL.

PyMySQL itself puts values into the text of a statement. Here, the server binds them: `EXECUTE IMMEDIATE` prepares the
statement and runs it with values, in one message. The message has the statement and the values as hexadecimal digits
and nothing else of them, so that no value can end up as SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from witkit._waiting import is_stopped
from witkit.backends.failure import Failure, Kind
from witkit.backends.interruptible import Interruptible

from .bounds import SqlSettings
from .mariadb_values import Reader, reader
from .parameters import for_mariadb
from .protocol import NO_VALUE, Rows, Value
from .server_connection import ServerSession
from .sqlstates import FORMAT, IN_USE, LOST, TOO_LONG, failure
from .waiting import READ, Waiter

if TYPE_CHECKING:
    from pymysql.connections import Connection as Client
    from pymysql.cursors import SSCursor

IN_TRANSACTION, AUTOCOMMIT = 1, 2
"""Flags of the server's status."""

INTERRUPTED: Final = 1317
_WITHOUT_ROWS: Final = Rows((), ())
_GONE: Final = {0, 2006, 2013, 2014, 1053, 1927}
"""PyMySQL's codes for a lost connection, and the server's for its end."""
_KINDS: Final = {
    1044: Kind.DENIED,
    1142: Kind.DENIED,
    1143: Kind.DENIED,
    1227: Kind.DENIED,
    1290: Kind.DENIED,
    1370: Kind.DENIED,
    4166: Kind.DENIED,
    1205: Kind.TIMEOUT,
    1213: Kind.OTHER,
    1364: Kind.CONFLICT,
    1210: Kind.INVALID_REQUEST,
    1265: Kind.INVALID_VALUE,
    1153: Kind.INVALID_VALUE,
    1021: Kind.FULL,
    1037: Kind.FULL,
    1038: Kind.FULL,
    1040: Kind.FULL,
    1041: Kind.FULL,
    1114: Kind.FULL,
    1203: Kind.FULL,
    1226: Kind.FULL,
    1295: Kind.UNSUPPORTED,
}
"""Errors whose SQLSTATE says too little."""


class MariadbSession(ServerSession):
    """A connection for one statement at a time.

    `largest` is the most bytes of a statement that the server takes. `kill` stops the statement that
    runs, over another connection; it raises MySQLError and OSError.
    """

    def __init__(
        self, client: Client[Any], waiter: Waiter, largest: int, settings: SqlSettings, kill: Callable[[], None]
    ) -> None:
        self._client, self._waiter, self._largest = client, waiter, largest
        self._settings, self._kill = settings, kill
        self._interruptible = Interruptible()

    def __del__(self) -> None:
        self.close()

    @property
    def in_transaction(self) -> bool:
        status: int = self._client.server_status  # type: ignore[attr-defined]
        return bool(status & IN_TRANSACTION) or not status & AUTOCOMMIT

    def is_alive(self) -> bool:
        # The server says nothing by itself, except that it ends the connection.
        return self._client.open and not self._waiter.ready(READ, 0)

    def run(self, text: str, parameters: Sequence[str], *, reads: bool) -> Rows:
        from pymysql import MySQLError
        from pymysql.cursors import SSCursor

        message = self._message(text, parameters)
        cursor = SSCursor(self._client)
        try:
            with self._interruptible.on(self._waiter.fileno):
                cursor.execute(message)
                found = self._collected(cursor) if reads and cursor.description else _WITHOUT_ROWS
                _pass_over(cursor)
        except MySQLError as wrong:
            raise self._failure(wrong) from wrong
        except ValueError as wrong:
            self._abandon(cursor)
            raise Failure(Kind.INVALID_REQUEST, FORMAT, str(wrong)) from wrong
        except BaseException:
            if is_stopped():
                self._end(cursor)
            else:
                self._stop(cursor)
            raise
        return found

    def close(self) -> None:
        if self._client.open:
            self._client.close()

    def _stop(self, cursor: SSCursor) -> None:
        """Ask the server to stop sending rows that nobody wants, and read what it has sent."""
        from pymysql import MySQLError

        if not _is_unread(cursor):
            return
        try:
            self._kill()
            _pass_over(cursor)
        except (MySQLError, OSError):
            # The error by which the server stops ends the answer.
            if _is_unread(cursor) or not self._client.open:
                self._abandon(cursor)
                return
        try:
            # If the answer had ended before, the next statement would be stopped.
            self._client.ping(reconnect=False)
            self._client.query("DO 0")
        except MySQLError as interrupted:
            if interrupted.args[0] != INTERRUPTED:
                self._abandon(cursor)

    def _end(self, cursor: SSCursor) -> None:
        """Let the server stop the statement, and close the connection: the guest has been stopped."""
        from pymysql import MySQLError

        with suppress(MySQLError, OSError):
            self._kill()
        self._abandon(cursor)

    def _abandon(self, cursor: SSCursor) -> None:
        """Close the connection. PyMySQL would still try to read the rest of an answer."""
        self.close()
        if _is_unread(cursor):
            cursor._result.unbuffered_active = False  # type: ignore[attr-defined]

    def _message(self, text: str, parameters: Sequence[str]) -> str:
        statement, values = for_mariadb(text, parameters)
        try:
            message = f"EXECUTE IMMEDIATE {_digits(statement)}" if values else statement
            if values:
                message += f" USING {', '.join(map(_digits, values))}"
            size = len(message.encode())
        except UnicodeEncodeError as wrong:
            raise Failure(Kind.INVALID_REQUEST, f"there is a lone surrogate at {wrong.start}") from None
        if size > self._largest:
            limit = (
                f"twice their bytes must be below {self._largest:,}" if values else f"the limit is {self._largest:,}"
            )
            raise Failure(Kind.INVALID_VALUE, f"the statement and its values are too large for the server: {limit}")
        return message

    def _collected(self, cursor: SSCursor) -> Rows:
        # `description` leaves out whether a number has a sign.
        fields: Any = cursor._result.fields  # type: ignore[attr-defined]
        readers = [reader(field) for field in fields]
        return self._settings.collected([field.name for field in fields], _rows(cursor, readers))

    def _failure(self, wrong: Exception) -> Failure:
        number, said, *_ = (*wrong.args, "", "")
        if number in _GONE or not self._client.open:
            return self._lost(wrong)
        if number == 1205:
            return Failure(Kind.TIMEOUT, IN_USE, str(said))
        return failure(getattr(wrong, "sqlstate", None) or "HY000", str(said), _KINDS.get(number))

    def _lost(self, wrong: Exception) -> Failure:
        from pymysql import MySQLError

        self.close()
        if not isinstance(wrong.__context__, TimeoutError):
            return Failure(Kind.UNREACHABLE, LOST, str(wrong))
        with suppress(MySQLError, OSError):
            self._kill()
        return Failure(Kind.TIMEOUT, TOO_LONG, "the server did not answer")


def _is_unread(cursor: SSCursor) -> bool:
    found: Any = cursor._result  # type: ignore[attr-defined]
    return found is not None and bool(found.unbuffered_active)


def _digits(text: str) -> str:
    """A text as SQL, with the coercibility of a literal, so that it takes the collation of what it is compared with."""
    return f"_utf8mb4 X'{text.encode().hex()}'"


def _rows(cursor: SSCursor, readers: Sequence[Reader]) -> Iterator[list[Value]]:
    while (row := cursor.fetchone()) is not None:
        yield [NO_VALUE if text is None else read(text) for read, text in zip(readers, row, strict=True)]


def _pass_over(cursor: SSCursor) -> None:
    """Read what is left: rows, and further results of a procedure."""
    while True:
        while cursor.fetchone() is not None:
            pass
        if not cursor.nextset():
            return
