"""The protocol for sources of settings, and the resource over any of them."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from witkit.abi import Err
from witkit.backends.budget import Full
from witkit.interfaces.configs import configs as api


class Denied(Exception):
    """The settings are read-only; the message says why."""


class ConfigSource(Protocol):
    """Sets of settings by name. Safe to use from several threads."""

    def get(self, name: str, key: str) -> bytes | None:
        """The value of a setting, or None if it is not set."""

    def set(self, name: str, key: str, value: bytes) -> None:
        """Change a setting. Raises Denied if the settings are read-only, Full if there is no room."""


class Configs:
    """`resource configs` over a source. `ConfigSets` creates a subclass for each source."""

    _source: ClassVar[ConfigSource]
    _closed: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def open(cls, name: str) -> Self:
        """The set of settings with this name."""
        cls._check()
        return cls(name)

    @classmethod
    def _check(cls) -> None:
        if cls._closed:
            raise Err(api.ConfigsError_UnexpectedError("the settings have been closed"))

    def get(self, key: str) -> bytes:
        """The value of a setting. Raises `not-found`."""
        self._check()
        value = self._source.get(self._name, key)
        if value is None:
            raise Err(api.ConfigsError_NotFound(key))
        return value

    def set(self, key: str, value: bytes) -> None:
        """Change a setting. Raises `permission-denied`, and `io-error` if there is no room."""
        self._check()
        try:
            self._source.set(self._name, key, bytes(value))
        except Denied as denied:
            raise Err(api.ConfigsError_PermissionDenied(str(denied))) from denied
        except Full as full:
            raise Err(api.ConfigsError_IoError(str(full))) from full


class ConfigSets:
    """`interface configs` over a source: the implementation for the import."""

    def __init__(self, source: ConfigSource) -> None:
        self._bound: type[Configs] = type("Configs", (Configs,), {"_source": source, "__doc__": Configs.__doc__})

    @property
    def Configs(self) -> type[Configs]:
        """The class of sets in this source."""
        return self._bound

    def close(self) -> None:
        """Make all further calls fail with `unexpected-error`."""
        self._bound._closed = True
