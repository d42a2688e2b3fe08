"""A connection to PostgreSQL through libpq, which psycopg wraps: results row by row, and a deadline for every wait.

psycopg's own cursors wait for a frozen server without end, so this uses `psycopg.pq`. Parameters go beside the
statement with an unknown type, so that the server chooses the type as it does for a quoted text in the statement.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from witkit._waiting import is_stopped
from witkit.backends.failure import Failure, Kind

from .bounds import SqlSettings
from .parameters import for_postgresql
from .postgresql_values import readers
from .protocol import NO_VALUE, Rows, Value
from .server_connection import KEEPS, ServerSession
from .sqlstates import FORMAT, LOST, TOO_LONG, failure
from .waiting import READ, WRITE, Waiter

if TYPE_CHECKING:
    from psycopg.pq.abc import PGcancelConn, PGconn, PGresult

LARGEST: Final = (1 << 30) - (1 << 20)
"""The most bytes of a statement with its parameters. The server takes messages of 1 GiB."""

CANCEL: Final = 0.5
"""The seconds that a server has for ending a statement when a signal ends the program."""

_WITHOUT_ROWS: Final = Rows((), ())


class PostgresqlSession(ServerSession):
    """A connection for one statement at a time."""

    def __init__(self, conn: PGconn, settings: SqlSettings) -> None:
        from psycopg import pq

        self._pq, self._conn, self._settings = pq, conn, settings
        self._idle = pq.TransactionStatus.IDLE
        self._was_inside = False
        self._waiter = Waiter(conn.socket)
        conn.nonblocking = 1

    @property
    def in_transaction(self) -> bool:
        return self._was_inside

    def is_alive(self) -> bool:
        conn = self._conn
        if conn.status != self._pq.ConnStatus.OK:
            return False
        from psycopg import OperationalError

        try:
            # A server that stops says so first; only then comes the end.
            while self._waiter.ready(READ, 0):
                conn.consume_input()
                self._discard_notifications()
        except OperationalError:
            return False
        return bool(conn.status == self._pq.ConnStatus.OK)

    def run(self, text: str, parameters: Sequence[str], *, reads: bool) -> Rows:
        from psycopg import OperationalError

        query, values = _encoded(text, parameters)
        deadline = time.monotonic() + self._settings.limit + self._settings.timeout
        try:
            return self._answer(query, values, deadline, reads=reads, keeps=KEEPS.fullmatch(text) is not None)
        except OperationalError as lost:
            self.close()
            raise Failure(Kind.UNREACHABLE, LOST, str(lost)) from lost
        except (KeyboardInterrupt, SystemExit):
            self._abandon()
            raise
        except BaseException:
            if is_stopped():
                self._abandon()
            else:
                self._recover()
            raise
        finally:
            self._note()

    def _abandon(self) -> None:
        """End the connection: nobody waits any more for an answer that perhaps never comes."""
        if self._conn.status == self._pq.ConnStatus.OK:
            cancel(self._conn, time.monotonic() + CANCEL)
        self.close()

    def close(self) -> None:
        self._conn.finish()

    def _answer(self, query: bytes, values: list[bytes], deadline: float, *, reads: bool, keeps: bool) -> Rows:
        conn = self._conn
        conn.send_query_params(query, values)
        conn.set_single_row_mode()
        self._flush(deadline)
        first = self._next(deadline)
        if first is None:
            return _WITHOUT_ROWS
        rows = self._rows(first, deadline, keeps=keeps)
        if not reads:
            for _ in rows:
                pass
            return _WITHOUT_ROWS
        try:
            columns = [(first.fname(column) or b"").decode() for column in range(first.nfields)]
            found = self._settings.collected(columns, self._values(first, rows))
        except ValueError as wrong:
            raise Failure(Kind.INVALID_REQUEST, FORMAT, str(wrong)) from wrong
        self._discard_notifications()
        return found

    def _values(self, first: PGresult, rows: Iterator[PGresult]) -> Iterator[list[Value]]:
        found = enumerate(readers([first.ftype(column) for column in range(first.nfields)]))
        columns = [(column, type, read) for column, (type, read) in found]
        for row in rows:
            get = row.get_value
            yield [
                NO_VALUE if (text := get(0, column)) is None else (type, read(text)) for column, type, read in columns
            ]

    def _rows(self, result: PGresult | None, deadline: float, *, keeps: bool) -> Iterator[PGresult]:
        """The results with one row each, up to the end of the answer. Raises Failure."""
        status = self._pq.ExecStatus
        while result is not None:
            if result.status == status.SINGLE_TUPLE:
                yield result
            elif result.status in (status.FATAL_ERROR, status.BAD_RESPONSE):
                raise self._failure(result, deadline)
            elif result.status in (status.COPY_IN, status.COPY_OUT, status.COPY_BOTH):
                self.close()
                raise Failure(Kind.UNSUPPORTED, "COPY cannot read from a guest or write to it")
            elif keeps and result.command_status == b"ROLLBACK":
                # PostgreSQL takes COMMIT after an error as ROLLBACK, without an error.
                raise Failure(Kind.OTHER, "the transaction was undone, because a statement in it has failed")
            result = self._next(deadline)

    def _failure(self, result: PGresult, deadline: float) -> Failure:
        field = self._pq.DiagnosticField
        code = (result.error_field(field.SQLSTATE) or b"").decode()
        if not code:
            # libpq itself has made this result, because the connection is lost.
            self.close()
            return Failure(Kind.UNREACHABLE, LOST, result.get_error_message())
        while self._next(deadline) is not None:
            pass
        return failure(code, (result.error_field(field.MESSAGE_PRIMARY) or b"").decode("utf-8", "replace"))

    def _next(self, deadline: float) -> PGresult | None:
        conn = self._conn
        while conn.is_busy():
            self._wait(READ, deadline)
            conn.consume_input()
        return conn.get_result()

    def _flush(self, deadline: float) -> None:
        while self._conn.flush():
            if self._wait(READ | WRITE, deadline) & READ:
                self._conn.consume_input()

    def _wait(self, events: int, deadline: float) -> int:
        ready = self._waiter.ready_unless_stopped(events, deadline - time.monotonic())
        if not ready:
            cancel(self._conn, time.monotonic() + 1)
            self.close()
            raise Failure(Kind.TIMEOUT, TOO_LONG, "the server did not answer")
        return ready

    def _recover(self) -> None:
        """If rows are left that nobody wants, ask the server to stop, and read what it has sent."""
        from psycopg import OperationalError

        conn = self._conn
        if conn.status != self._pq.ConnStatus.OK or conn.transaction_status != self._pq.TransactionStatus.ACTIVE:
            return
        deadline = time.monotonic() + self._settings.timeout
        try:
            if not cancel(conn, deadline):
                self.close()
                return
            while self._next(deadline) is not None:
                pass
        except (OperationalError, Failure):
            self.close()

    def _note(self) -> None:
        if self._conn.status == self._pq.ConnStatus.OK:
            self._was_inside = self._conn.transaction_status != self._idle

    def _discard_notifications(self) -> None:
        """A guest may LISTEN, but has no way to hear."""
        while self._conn.notifies() is not None:
            pass


def cancel(conn: PGconn, deadline: float) -> bool:
    """Ask the server to stop what it does for this connection. False if it has not heard by the deadline."""
    from psycopg import Error, pq

    try:
        # Not every libpq can do this; without it, the connection is closed instead.
        request: PGcancelConn = conn.cancel_conn()
        request.start()
        while (status := request.poll()) != pq.PollingStatus.OK:
            events = WRITE if status == pq.PollingStatus.WRITING else READ
            if status == pq.PollingStatus.FAILED or not Waiter(request.socket).ready(
                events, deadline - time.monotonic()
            ):
                return False
    except Error:
        return False
    return True


def _encoded(text: str, parameters: Sequence[str]) -> tuple[bytes, list[bytes]]:
    """The statement and the values, as PostgreSQL gets them. Raises Failure."""
    query = for_postgresql(text, parameters)
    try:
        found = query.encode(), [each.encode() for each in parameters]
    except UnicodeEncodeError as wrong:
        raise Failure(Kind.INVALID_REQUEST, f"there is a lone surrogate at {wrong.start}") from None
    if b"\0" in found[0]:
        raise Failure(Kind.INVALID_REQUEST, "a statement cannot have a NUL character")
    if any(b"\0" in each for each in found[1]):
        raise Failure(Kind.INVALID_VALUE, "a text in PostgreSQL cannot have a NUL character")
    if len(found[0]) + sum(map(len, found[1])) > LARGEST:
        raise Failure(Kind.INVALID_VALUE, f"the statement and its values have more than {LARGEST:,} bytes")
    return found
