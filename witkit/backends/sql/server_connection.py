"""A connection to a database server, which connects again after it was lost.

A statement is sent once: if its answer does not come, it may have taken effect. If the server has closed the connection
between two statements, the next one opens it again. In a transaction that would run the rest of it without its
beginning; so the connection then waits for the end of the transaction first.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, Protocol

from witkit.backends.failure import Failure, Kind

from .protocol import Rows, SqlConnection, closed

_SPACE: Final = r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*"
_AND_MORE: Final = r"(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND\s+(?:NO\s+)?CHAIN)?(?:\s+(?:NO\s+)?RELEASE)?"
UNDOES: Final = re.compile(rf"{_SPACE}(?:ROLLBACK|ABORT){_AND_MORE}{_SPACE};?{_SPACE}", re.IGNORECASE | re.DOTALL)
KEEPS: Final = re.compile(rf"{_SPACE}(?:COMMIT|END){_AND_MORE}{_SPACE};?{_SPACE}", re.IGNORECASE | re.DOTALL)

"""A statement that ends a transaction: what undoes it, and what keeps its changes."""

UNDONE: Final = "the connection was lost in a transaction, which has been undone; end it with ROLLBACK"
NOTHING: Final = Rows((), ())


class ServerSession(Protocol):
    """One connection to the server, as long as it lasts."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether a transaction was open after the last statement."""

    @abstractmethod
    def is_alive(self) -> bool:
        """Whether the connection is usable, as far as this side knows without asking."""

    @abstractmethod
    def run(self, text: str, parameters: Sequence[str], *, reads: bool) -> Rows:
        """Run a statement. Without `reads`, its rows are discarded. Raises Failure.

        If the failure leaves the connection in an unknown state, closes it first.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""


class ServerConnection(SqlConnection):
    """A connection of one guest. `opened` opens a session and raises Failure."""

    def __init__(self, opened: Callable[[], ServerSession]) -> None:
        self._opened = opened
        self._lock = Lock()
        self._is_closed = self._is_undone = False
        self._session: ServerSession | None = opened()

    def query(self, text: str, parameters: Sequence[str]) -> Rows:
        return self._run(text, parameters, reads=True)

    def execute(self, text: str, parameters: Sequence[str]) -> None:
        self._run(text, parameters, reads=False)

    def close(self) -> None:
        self._is_closed = True
        # If a statement runs, it closes the session.
        if self._lock.acquire(blocking=False):
            try:
                self._forget()
            finally:
                self._lock.release()

    def _run(self, text: str, parameters: Sequence[str], *, reads: bool) -> Rows:
        with self._lock:
            if self._is_closed:
                raise closed()
            if self._is_undone:
                return self._end(text)
            session = self._live(text)
            was_inside = session.in_transaction
            try:
                return session.run(text, parameters, reads=reads)
            finally:
                if self._is_closed:
                    self._forget()
                elif not session.is_alive():
                    self._lose(was_inside, text)

    def _live(self, text: str) -> ServerSession:
        if self._session is not None and not self._session.is_alive():
            was_inside = self._session.in_transaction
            self._lose(was_inside, text)
            if was_inside:
                raise Failure(Kind.UNREACHABLE, UNDONE)
        if self._session is None:
            self._session = self._opened()
        return self._session

    def _lose(self, was_inside: bool, text: str) -> None:
        self._forget()
        self._is_undone = was_inside and not KEEPS.fullmatch(text) and not UNDOES.fullmatch(text)

    def _end(self, text: str) -> Rows:
        """The answer to a statement after a transaction was lost."""
        if UNDOES.fullmatch(text):
            self._is_undone = False
            return NOTHING
        if KEEPS.fullmatch(text):
            self._is_undone = False
        raise Failure(Kind.UNREACHABLE, UNDONE)

    def _forget(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()
