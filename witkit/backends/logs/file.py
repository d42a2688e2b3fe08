"""Log messages in a file, with the time of each. Several processes may write to it.

A file that would become too large is moved to its name with `.1`, in place of the one before, and a new one begins. So
two files hold the newest messages. Others may move or remove the file, too: a new one is created.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from witkit.backends.backend import Backend
from witkit.backends.errors import cannot_open
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, FILE, setting

from .lines import LONGEST, line
from .protocol import Level, Logs, LogsSettings, closed, level_of


@dataclass(frozen=True, slots=True, repr=False)
class FileSettings(LogsSettings):
    path: Path = setting(FILE, "The file.", Path(".witkit") / "messages.log")
    size: int = setting(COUNT, "The bytes after which the file is moved to its name with `.1`.", 64 << 20)
    longest: int = setting(COUNT, "The most bytes of a line; the rest of a longer message is left out.", LONGEST)


class FileLogs(Logs):
    """One line per message, in one file and the one before it."""

    limits = Limits()

    def __init__(self, settings: FileSettings) -> None:
        self.lowest, self.location = level_of(settings.level), f"the file {settings.path}"
        self._file, self._size, self._longest = settings.path.absolute(), settings.size, settings.longest
        self._lock, self._closed = Lock(), False
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._appending():
                pass
        except (OSError, ValueError) as wrong:
            reason = getattr(wrong, "strerror", None) or str(wrong)
            if isinstance(wrong, IsADirectoryError):
                reason = "it is a folder"
            message = f"the file for log messages cannot be used: {reason}"
            help = "give the path of a file that can be written"
            raise cannot_open(message, help, str(settings.path)) from wrong

    def write(self, level: Level, context: str, message: str) -> None:
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        content = f"{time} {line(level, context, message, self._longest)}".encode("utf-8", "replace")
        with self._lock:
            if self._closed:
                raise closed()
            try:
                with self._appending() as file:
                    _write(file, content)
            except OSError as wrong:
                raise Failure(Kind.IO, "the log messages cannot be written", wrong.strerror or str(wrong)) from wrong

    def check(self) -> None:
        if self._closed:
            raise closed()

    def close(self) -> None:
        with self._lock:
            self._closed = True

    @contextmanager
    def _appending(self) -> Iterator[int]:
        """The file, which nobody else writes or moves meanwhile, with room for a line. Raises OSError."""
        while True:
            file = os.open(self._file, os.O_CREAT | os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            try:
                _lock(file)
                if not self._is_current(file):
                    continue
                if os.fstat(file).st_size >= self._size:
                    self._file.replace(self._file.with_name(f"{self._file.name}.1"))
                    continue
                yield file
                return
            finally:
                os.close(file)

    def _is_current(self, file: int) -> bool:
        """Whether the file still has its name: another process may have moved it."""
        try:
            return os.path.samestat(os.fstat(file), self._file.stat())
        except FileNotFoundError:
            return False


def _write(file: int, content: bytes) -> None:
    """Append all of it. If there is no room for that, nothing of it stays."""
    before = os.fstat(file).st_size
    try:
        while content:
            content = content[os.write(file, content) :]
    except OSError:
        os.ftruncate(file, before)
        raise


def _lock(file: int) -> None:
    """Wait for the lock of the file, which ends with the descriptor. Windows has none that would fit."""
    if os.name == "nt":
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)


backend = Backend("Lines in a file.", FileLogs, FileSettings)
