"""The protocol of backends for log messages."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from witkit.backends.backend import Opened
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.settings import TEXT, BackendSettings, setting
from witkit.text import did_you_mean


class Level(IntEnum):
    """How much a message matters, in ascending order."""

    TRACE = 0
    DEBUG = 1
    INFO = 2
    WARN = 3
    ERROR = 4
    CRITICAL = 5

    @property
    def spelled(self) -> str:
        """As users write it: `warn`."""
        return self.name.lower()


def level_of(name: str) -> Level:
    """The level with this name. Raises WrongSetting (WIT0910)."""
    known = {each.spelled: each for each in Level}
    if name not in known:
        offer = did_you_mean(name, known) or f"levels: {', '.join(known)}"
        raise wrong_setting(f"there is no level `{name}`", offer, "level")
    return known[name]


@dataclass(frozen=True, slots=True, repr=False)
class LogsSettings(BackendSettings):
    """The base of the settings of every backend."""

    level: str = setting(
        TEXT, "The lowest level that is kept: trace, debug, info, warn, error or critical.", "trace", checked=level_of
    )


class Logs(Opened, Protocol):
    """Where messages go. Everything raises Failure."""

    lowest: Level
    """Messages of lower levels are not written."""

    @abstractmethod
    def write(self, level: Level, context: str, message: str) -> None:
        """Keep a message, of whatever level. Parts of a long one may be left out, which it then says."""


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "logging has been closed")
