"""The interface's errors for failures of SQLite, and the authorizer for statements."""

from __future__ import annotations

import sqlite3

from witkit.backends.sqlite_file import BUSY, primary
from witkit.interfaces.sql import sql as api

from .parameters import WrongParameters

PRAGMAS = {"foreign_key_check", "foreign_key_list", "foreign_keys", "index_info", "index_list", "table_info"}

_REFUSED = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
_ACCESS = {sqlite3.SQLITE_AUTH, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}


def case_of(failure: Exception) -> api.SqlError:
    """The interface's case for an exception of SQLite or of a backend."""
    message = str(failure)
    code = primary(failure)
    if code in _ACCESS or "not authorized" in message or "prohibited" in message:
        return api.SqlError_AccessViolation(message)
    if isinstance(failure, sqlite3.IntegrityError):
        return api.SqlError_ConstraintViolation(message)
    if code == sqlite3.SQLITE_INTERRUPT:
        return api.SqlError_UnexpectedError("the statement took longer than its time limit")
    if code in BUSY:
        return api.SqlError_UnexpectedError("other users of the database did not finish in time")
    if isinstance(failure, WrongParameters):
        return api.SqlError_SyntaxError(message)
    is_sqlite = isinstance(failure, sqlite3.Error | sqlite3.Warning | ValueError)
    if is_sqlite and code in (sqlite3.SQLITE_ERROR, None):
        return api.SqlError_SyntaxError(message)
    return api.SqlError_UnexpectedError(message)


def allow(action: int, one: str | None, two: str | None, database: str | None, trigger: str | None) -> int:
    """An authorizer for SQLite: a statement may do anything with its own database, and access nothing else."""
    if action in _REFUSED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (one or "").lower() not in PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
