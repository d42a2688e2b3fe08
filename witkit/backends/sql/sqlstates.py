"""Failures of database servers by their SQLSTATE, the five characters of the SQL standard."""

from __future__ import annotations

from typing import Final

from witkit.backends.failure import Failure, Kind

TOO_LONG: Final = "the statement took longer than its time limit"
LOST: Final = "the connection to the database was lost"
FORMAT: Final = "a value is not in the format that the connection began with: do not change its settings"
IN_USE: Final = "other users of the database did not finish in time"

_KINDS: Final = {
    "42501": Kind.DENIED,
    "25006": Kind.DENIED,  # a transaction that may only read
    "44000": Kind.CONFLICT,  # a view with a check
    "57014": Kind.TIMEOUT,
    "70100": Kind.TIMEOUT,
    "55P03": Kind.TIMEOUT,
    "3D000": Kind.INVALID_NAME,
    "57P01": Kind.UNREACHABLE,
    "57P02": Kind.UNREACHABLE,
    "57P03": Kind.UNREACHABLE,
}
_CLASSES: Final = {
    "08": Kind.UNREACHABLE,
    "0A": Kind.UNSUPPORTED,
    "22": Kind.INVALID_VALUE,
    "23": Kind.CONFLICT,
    "26": Kind.INVALID_REQUEST,
    "28": Kind.DENIED,
    "34": Kind.INVALID_REQUEST,
    "42": Kind.INVALID_REQUEST,
    "53": Kind.FULL,
    "54": Kind.FULL,
    "58": Kind.IO,
    "XX": Kind.IO,
}
_MESSAGES: Final = {
    "28": "the database refuses the credentials",
    "3D": "there is no database with this name",
    "57014": TOO_LONG,
    "70100": TOO_LONG,
    "55P03": IN_USE,
    "08": "the connection to the database has failed",
    "53": "the database has no room or no connections left",
    "57P": "the database is shutting down or starting up",
    "58": "the database could not read or write its files",
    "XX": "the database reports damaged data or an error of its own",
}
"""What guests read, by the beginning of the code. The server's message may name users, hosts or files."""


def failure(sqlstate: str, message: str, kind: Kind | None = None) -> Failure:
    """The failure for an error of the server; `kind` is for codes that do not say enough."""
    kind = kind or _KINDS.get(sqlstate) or _CLASSES.get(sqlstate[:2], Kind.OTHER)
    for begin, said in _MESSAGES.items():
        if sqlstate.startswith(begin):
            return Failure(kind, said, f"{message} (SQLSTATE {sqlstate})")
    return Failure(kind, message, f"SQLSTATE {sqlstate}")
