"""Failures of SQLite, and the authorizer for statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from witkit.backends.failure import Failure, Kind
from witkit.backends.sqlite_file import BUSY, Moved, primary

PRAGMAS = {"foreign_key_check", "foreign_key_list", "foreign_keys", "index_info", "index_list", "table_info"}

_REFUSED = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
_ACCESS = {sqlite3.SQLITE_AUTH, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}


@contextmanager
def failures() -> Iterator[None]:
    """Raise what sqlite3 raises in the body as Failure."""
    try:
        yield
    except OSError as failure:
        message = failure.strerror or "the database cannot be reached"
        raise Failure(Kind.IO, message, str(failure)) from failure
    except Moved as failure:
        raise Failure(Kind.IO, str(failure)) from failure
    except (sqlite3.Error, sqlite3.Warning, ValueError) as failure:
        raise _failure(failure) from failure


def _failure(failure: Exception) -> Failure:
    message = str(failure)
    code = primary(failure)
    if code in _ACCESS or "not authorized" in message or "prohibited" in message:
        return Failure(Kind.DENIED, message)
    if isinstance(failure, sqlite3.IntegrityError):
        return Failure(Kind.CONFLICT, message)
    if code == sqlite3.SQLITE_INTERRUPT:
        return Failure(Kind.TIMEOUT, "the statement took longer than its time limit")
    if code in BUSY:
        return Failure(Kind.TIMEOUT, "other users of the database did not finish in time")
    if code in (sqlite3.SQLITE_ERROR, None):
        return Failure(Kind.INVALID_REQUEST, message)
    return Failure(Kind.FULL if code == sqlite3.SQLITE_FULL else Kind.IO, message)


def allow(action: int, one: str | None, two: str | None, database: str | None, trigger: str | None) -> int:
    """An authorizer for SQLite: a statement may do anything with its own database, and access nothing else."""
    if action in _REFUSED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (one or "").lower() not in PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
