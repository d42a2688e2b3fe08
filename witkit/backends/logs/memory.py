"""Log messages in the memory of this process, for tests: the newest ones, as far as there is room."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock

from witkit.backends.backend import Backend
from witkit.backends.budget import size
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, setting

from .lines import LONGEST
from .protocol import Level, Logs, LogsSettings, closed, level_of


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(LogsSettings):
    longest: int = setting(COUNT, "The most characters of a message; the rest of a longer one is left out.", LONGEST)
    memory: int = setting(COUNT, "The most bytes of all messages; the oldest ones make room for new ones.", 16 << 20)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One message, as the program wrote it."""

    level: Level
    context: str
    message: str


class MemoryLogs(Logs):
    """The newest messages, oldest first."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self.lowest, self._settings = level_of(settings.level), settings
        self._entries: deque[LogEntry] = deque()
        self._used, self._lock, self._closed = 0, Lock(), False

    @property
    def entries(self) -> list[LogEntry]:
        """What has been written, oldest first; also after `close`."""
        with self._lock:
            return list(self._entries)

    def write(self, level: Level, context: str, message: str) -> None:
        longest = self._settings.longest
        entry = LogEntry(level, context[:longest], message[:longest])
        with self._lock:
            if self._closed:
                raise closed()
            self._entries.append(entry)
            self._used += _cost(entry)
            while self._used > self._settings.memory:
                self._used -= _cost(self._entries.popleft())

    def check(self) -> None:
        if self._closed:
            raise closed()

    def close(self) -> None:
        with self._lock:
            self._closed = True


def _cost(entry: LogEntry) -> int:
    return size(entry.context, entry.message)


backend = Backend("The newest messages, in the memory of this process.", MemoryLogs, MemorySettings)
