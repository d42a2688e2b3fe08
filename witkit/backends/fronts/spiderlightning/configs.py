"""`spiderlightning:configs/configs` over backends for settings."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from witkit.abi import Err
from witkit.backends.configs.protocol import Configs, value_of
from witkit.backends.failure import Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.selector import Selector
from witkit.interfaces.configs import configs as api

CASES: Final = Cases(
    api.ConfigsError_UnexpectedError,
    {
        Kind.MISSING: api.ConfigsError_NotFound,
        Kind.INVALID_KEY: api.ConfigsError_InvalidValue,
        Kind.INVALID_VALUE: api.ConfigsError_InvalidValue,
        Kind.DENIED: api.ConfigsError_PermissionDenied,
        Kind.FULL: api.ConfigsError_IoError,
        Kind.IO: api.ConfigsError_IoError,
        Kind.UNREACHABLE: api.ConfigsError_IoError,
        Kind.TIMEOUT: api.ConfigsError_IoError,
    },
)


class Settings:
    """`resource configs`: one set of settings."""

    _selector: ClassVar[Selector[Configs]]

    def __init__(self, name: str, configs: Configs) -> None:
        self._name, self._configs = name, configs

    @classmethod
    def open(cls, name: str) -> Self:
        """The set of settings with this name."""
        with CASES.raised("configs open"):
            configs = cls._selector(name)
            configs.check()
        return cls(name, configs)

    def get(self, key: str) -> bytes:
        """The value of a setting. Raises `not-found`."""
        with CASES.raised("configs get"):
            value = value_of(self._configs, self._name, key)
        if value is None:
            raise Err(api.ConfigsError_NotFound(key))
        return value

    def set(self, key: str, value: bytes) -> None:
        """Change a setting. Raises `permission-denied`, `invalid-value`, and `io-error` if there is no room."""
        with CASES.raised("configs set"):
            self._configs.limits.check_key(key)
            self._configs.limits.check_value(len(value))
            self._configs.set(self._name, key, bytes(value))


class ConfigSets:
    """`interface configs`: the implementation for an import."""

    def __init__(self, selector: Selector[Configs]) -> None:
        self._bound = type("Configs", (Settings,), {"_selector": selector, "__doc__": Settings.__doc__})

    @property
    def Configs(self) -> type[Settings]:
        """The class of sets of this selector."""
        return self._bound
