"""The protocol of backends for settings."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind
from witkit.backends.settings import TEXT, BackendSettings, setting


@dataclass(frozen=True, slots=True, repr=False)
class ConfigsSettings(BackendSettings):
    """The base of the settings of every backend."""

    set: str = setting(TEXT, "The set that a program reads whose interface names none, such as `wasi:config`.", "")


class Configs(Opened, Protocol):
    """Named sets that map keys to bytes. Everything raises Failure.

    `default_set` is the set for programs that name none; if it is empty, the label of their import is its name.
    """

    default_set: str

    @abstractmethod
    def get(self, name: str, key: str) -> bytes | None:
        """The value of a setting in the set `name`, as it is now, or None if it is not set."""

    @abstractmethod
    def set(self, name: str, key: str, value: bytes) -> None:
        """Change or add a setting, durably as far as the backend is. Failure (DENIED) if it can only be read."""

    @abstractmethod
    def all(self, name: str) -> dict[str, bytes]:
        """All settings of a set, without any order."""


def value_of(configs: Configs, name: str, key: str) -> bytes | None:
    """The value of a setting; None also for a key that this backend cannot have, such as one that is too long."""
    try:
        configs.limits.check_key(key)
    except Failure:
        return None
    return configs.get(name, key)


def spelled(key: str, value: Any) -> bytes:
    """A value of a TOML file: a text, a number, or true or false. Raises ValueError, which says what is wrong."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int | float):
        return str(value).encode()
    raise ValueError(f"the setting `{key}` must be a string or a number")


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "the settings have been closed")


def read_only(message: str) -> Failure:
    """The failure of `set` on a backend that can only be read."""
    return Failure(Kind.DENIED, message)
