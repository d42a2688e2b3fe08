"""The session of a host in a file: whether a process of this machine is still there.

A host holds a lock of the operating system on its session's file as long as it lives. The system frees it in the moment
in which the process dies, however it dies. Nothing has to be renewed, so that a host that was stopped, or a machine
that slept, keeps its session.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

_PART: Final = "-session-"


class Session:
    """The session of one opened backend. `data` is the file that belongs to all sessions."""

    def __init__(self, data: Path) -> None:
        """Begin the session. Raises OSError."""
        while True:
            self.name = secrets.token_hex(8)
            self.file = _place(data, self.name)
            self._held = self.file.open("xb")
            # A host that sweeps may have taken the new file for that of a dead host.
            if _lock(self._held, wait=True) and _is_at(self._held, self.file):
                return
            self._held.close()

    def close(self) -> None:
        """End the session."""
        with suppress(OSError):
            self.file.unlink()
        self._held.close()
        with suppress(OSError):  # Windows does not remove open files.
            self.file.unlink()


def is_alive(data: Path, name: str) -> bool:
    """Whether the host of the session lives."""
    try:
        with _place(data, name).open("rb+") as file:
            return not _lock(file)
    except FileNotFoundError:
        return False
    except OSError:  # Another user's, or no room to open it: it may be alive.
        return True


def sweep(data: Path) -> None:
    """Remove the files of dead hosts."""
    for name in _names(data):
        place = _place(data, name)
        # What cannot be opened or removed belongs to another user, or is gone.
        with suppress(OSError), place.open("rb+") as file:
            if _lock(file):
                place.unlink()


def _names(data: Path) -> Iterator[str]:
    beginning = f"{data.name}{_PART}"
    for place in data.parent.iterdir():
        if place.name.startswith(beginning):
            yield place.name.removeprefix(beginning)


def _place(data: Path, name: str) -> Path:
    return data.with_name(f"{data.name}{_PART}{name}")


def _is_at(file: BinaryIO, place: Path) -> bool:
    try:
        return sys.platform == "win32" or os.path.samestat(os.fstat(file.fileno()), place.lstat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO, *, wait: bool = False) -> bool:
        """Lock the file until it is closed. False if another process has it locked."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: BinaryIO, *, wait: bool = False) -> bool:
        """Lock the file until it is closed. False if another process has it locked."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
