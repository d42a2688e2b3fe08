"""What a backend of settings does, and the resource that every backend gets on top of it."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from witkit.abi import Err
from witkit.backends.budget import Full
from witkit.interfaces.configs import configs as api


class Denied(Exception):
    """The settings cannot be changed; the message says why."""


class Source(Protocol):
    """Sets of settings by name. Safe to use from several threads."""

    def get(self, name: str, key: str) -> bytes | None:
        """The value of a setting, or None where it is not set."""

    def set(self, name: str, key: str, value: bytes) -> None:
        """Change a setting. Raises Denied where that is not possible, Full where there is no room for it."""


class Configs:
    """`resource configs` over a source. `ConfigSets` makes a subclass for each source."""

    _source: ClassVar[Source]
    _closed: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def open(cls, name: str) -> Self:
        """The set of settings of this name."""
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
        """Change a setting. Raises `permission-denied`, and `io-error` where there is no room for it."""
        self._check()
        try:
            self._source.set(self._name, key, bytes(value))
        except Denied as denied:
            raise Err(api.ConfigsError_PermissionDenied(str(denied))) from denied
        except Full as full:
            raise Err(api.ConfigsError_IoError(str(full))) from full


class ConfigSets:
    """`interface configs` over a source: what the import of a component is given."""

    def __init__(self, source: Source) -> None:
        self._bound: type[Configs] = type("Configs", (Configs,), {"_source": source, "__doc__": Configs.__doc__})

    @property
    def Configs(self) -> type[Configs]:
        """The resource's class; its `open` reaches this source and no other."""
        return self._bound

    def close(self) -> None:
        """Every call that follows is `unexpected-error`."""
        self._bound._closed = True
