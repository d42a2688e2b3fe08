"""Log messages in the standard error of this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from threading import Lock

from witkit.backends.backend import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, setting

from .lines import LONGEST, line
from .protocol import Level, Logs, LogsSettings, closed, level_of


@dataclass(frozen=True, slots=True, repr=False)
class StderrSettings(LogsSettings):
    longest: int = setting(COUNT, "The most bytes of a line; the rest of a longer message is left out.", LONGEST)


class StderrLogs(Logs):
    """One line per message."""

    limits = Limits()
    location = "standard error"

    def __init__(self, settings: StderrSettings) -> None:
        self.lowest, self._longest = level_of(settings.level), settings.longest
        self._lock, self._closed = Lock(), False

    def write(self, level: Level, context: str, message: str) -> None:
        written = line(level, context, message, self._longest)
        with self._lock:
            self._expect_open()
            # Not the stream of the start: programs and tests replace it.
            if sys.stderr is None:
                raise Failure(Kind.IO, "this process has no standard error")
            try:
                sys.stderr.write(written)
                sys.stderr.flush()
            except (OSError, ValueError) as wrong:
                raise Failure(Kind.IO, "standard error cannot be written", str(wrong)) from wrong

    def check(self) -> None:
        self._expect_open()

    def close(self) -> None:
        self._closed = True

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()


backend = Backend("Lines in standard error.", StderrLogs, StderrSettings)
