"""What can go wrong with the SQLite file of a backend, while it is opened and afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import time
from functools import partial
from pathlib import Path
from typing import Final

from witkit.text import WitkitError
from witkit.text.files import way_out

from .errors import cannot_open
from .failure import Failure, Kind
from .room import DiskFull
from .sqlite_file import BUSY, Moved, patiently, prepare, primary

_DAMAGED: Final = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_IN_USE: Final = "other users of the storage did not finish in time"
NEEDED: Final = 1 << 18
"""A database without data, with its log, takes less than these bytes."""
_USABLE: Final = "use another file, or make this one and its folder writable"
_TOO_LARGE: Final = "SQLite cannot hold a key or value of this size"
_STORAGE: Final = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def opened_file(path: Path, what: str, schema: str, timeout: float) -> sqlite3.Connection:
    """A connection to the file in WAL mode, which is created with this schema if necessary.

    Waits for other processes for up to `timeout` seconds. `what` says in messages what the file is for. Raises
    WitkitError (WIT0802).
    """
    try:
        return _connected(path.absolute(), schema, timeout)
    except (OSError, ValueError, sqlite3.Error) as failure:
        raise _cannot_open(path, what, failure) from failure


class _Failures:
    """A class, because a generator as a context would cost seven times as much, in each call."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        if raised is not None and (failure := _translated(raised)) is not None:
            raise failure from raised


_FAILURES: Final = _Failures()


def failures() -> _Failures:
    """A context that raises what SQLite raises in its body as Failure."""
    return _FAILURES


def _translated(raised: BaseException) -> Failure | None:
    match raised:
        case OverflowError():
            return Failure(Kind.INVALID_VALUE, _TOO_LARGE)
        case Moved():
            return Failure(Kind.IO, str(raised))
        case DiskFull():
            return Failure(Kind.FULL, str(raised))
        case TimeoutError():
            return Failure(Kind.TIMEOUT, _IN_USE)
        case sqlite3.Error():
            return _failure(raised)
    return None


def _failure(failure: sqlite3.Error) -> Failure:
    code = primary(failure)
    if code in BUSY:
        return Failure(Kind.TIMEOUT, _IN_USE)
    if code == sqlite3.SQLITE_TOOBIG or isinstance(failure, sqlite3.DataError):
        return Failure(Kind.INVALID_VALUE, _TOO_LARGE)
    return Failure(Kind.IO if code in _STORAGE else Kind.OTHER, str(failure))


def _connected(file: Path, schema: str, timeout: float) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    deadline = time.monotonic() + timeout
    try:
        prepare(connection, deadline)
        patiently(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone(), deadline)
        for statement in filter(str.strip, schema.split(";")):
            patiently(partial(connection.execute, statement), deadline)
    except BaseException:
        connection.close()
        raise
    return connection


def _cannot_open(place: Path, what: str, failure: Exception) -> WitkitError:
    reason, help = _at(place) or (str(failure), _USABLE)
    if isinstance(failure, OSError):
        reason, help = failure.strerror or str(failure), way_out(failure, _USABLE)
    elif isinstance(failure, sqlite3.Error) and _is_full(failure, place):
        reason, help = "its disk is full", "make room on the disk, or use another file"
    elif isinstance(failure, sqlite3.Error) and primary(failure) in _DAMAGED:
        help = "use another file, or remove this one if its data is not needed"
    return cannot_open(f"the file for {what} cannot be used: {reason}", help, str(place))


def _is_full(failure: sqlite3.Error, place: Path) -> bool:
    """Whether the disk has too little room for a new database and the files beside it."""
    code = primary(failure)
    if code == sqlite3.SQLITE_FULL:
        return True
    return code == sqlite3.SQLITE_IOERR and shutil.disk_usage(place.absolute().parent).free < NEEDED


def _at(place: Path) -> tuple[str, str] | None:
    """What keeps a path from being that of a file, and the way out."""
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as refused:
        return refused.strerror or str(refused), way_out(refused, _USABLE)
    if stat.S_ISREG(mode):
        return None
    return "it is a folder" if stat.S_ISDIR(mode) else "it is a pipe, a socket or a device", "give the path of a file"
