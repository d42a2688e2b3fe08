"""Settings from the environment variables of this process that have one prefix.

The variable for the key `api-url` in the set `shop` is `CONFIGS_SHOP_API_URL`: the prefix, the name of the set (if it
is not empty) and the key, in upper case, with `_` for every character that is not an ASCII letter or digit. With the
setting `exact`, it is the prefix and the key as it is, in every set.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from witkit.backends.backend import Backend
from witkit.backends.errors import WrongSetting, wrong_setting
from witkit.backends.limits import Limits
from witkit.backends.settings import FLAG, TEXT, setting
from witkit.backends.stored_secrets import KEY_VARIABLE
from witkit.text.secrets import is_secret, learn

from .protocol import Configs, ConfigsSettings, closed, read_only

PREFIX: Final = "CONFIGS_"
"""The default for `prefix`."""


def _prefix(text: str) -> None:
    if text and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise _no_prefix()


def _no_prefix() -> WrongSetting:
    help = "use a prefix such as `SHOP_`"
    return wrong_setting("`prefix` must be the beginning of variable names", help, "prefix")


@dataclass(frozen=True, slots=True, repr=False)
class EnvironmentSettings(ConfigsSettings):
    prefix: str = setting(
        TEXT, "What the names of variables begin with (CONFIGS_; with `exact`, nothing).", None, checked=_prefix
    )
    exact: bool = setting(FLAG, "Whether the key as it is follows the prefix, whatever the set.", False)


class EnvironmentConfigs(Configs):
    """The current values of the variables with a prefix."""

    limits = Limits()

    def __init__(self, settings: EnvironmentSettings) -> None:
        self._exact, self.default_set, self._closed = settings.exact, settings.set, False
        default = "" if settings.exact else PREFIX
        self._prefix = default if settings.prefix is None else settings.prefix
        if not self._prefix and not self._exact:
            raise _no_prefix()
        self.location = f"the environment, in variables {self._prefix}…" if self._prefix else "the environment"

    def get(self, name: str, key: str) -> bytes | None:
        self.check()
        variable = f"{self._prefix}{key}" if self._exact else f"{self._beginning(name)}{_spelled(key)}"
        value = None if variable == KEY_VARIABLE else os.environ.get(variable)
        return None if value is None else _read(variable, value)

    def set(self, name: str, key: str, value: bytes) -> None:
        self.check()
        raise read_only("the environment of the host cannot be changed")

    def all(self, name: str) -> dict[str, bytes]:
        """All settings. Without `exact`, keys are in lower case, with `-` for `_`."""
        self.check()
        return {key: _read(key, value) for key, value in self._found(name)}

    def check(self) -> None:
        if self._closed:
            raise closed()

    def close(self) -> None:
        self._closed = True

    def _found(self, name: str) -> Iterator[tuple[str, str]]:
        beginning = self._prefix if self._exact else self._beginning(name)
        for variable, value in os.environ.copy().items():
            key = variable.removeprefix(beginning)
            if variable.startswith(beginning) and variable != KEY_VARIABLE:
                if self._exact:
                    yield key, value
                elif _spelled(key) == key:
                    yield key.lower().replace("_", "-"), value

    def _beginning(self, name: str) -> str:
        return f"{self._prefix}{_spelled(name)}_" if name else self._prefix


def _read(name: str, value: str) -> bytes:
    """The value of a variable. If its name is that of a secret, it is masked in what witkit writes from now on."""
    if is_secret(name):
        learn({name: value})
    return os.fsencode(value)


def _spelled(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", text.upper())


backend = Backend("Environment variables of this process.", EnvironmentConfigs, EnvironmentSettings)
