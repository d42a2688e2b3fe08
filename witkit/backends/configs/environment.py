"""Settings from the environment variables of this process that have one prefix.

The variable for the key `api-url` in the set `shop` is `CONFIGS_SHOP_API_URL`: the prefix, the name of the set (if it
is not empty) and the key, in upper case, with `_` for every character that is not an ASCII letter or digit.
"""

from __future__ import annotations

import os
import re

from witkit.backends.base import Opened, Settings, reject_unknown_settings, wrong_setting

from .source import ConfigSets, Denied

PREFIX = "CONFIGS_"
"""The default for `prefix`."""


class Environment:
    """The current values of the variables with a prefix."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def get(self, name: str, key: str) -> bytes | None:
        value = os.environ.get(self._prefix + _spelled(f"{name}_{key}" if name else key))
        return None if value is None else os.fsencode(value)

    def set(self, name: str, key: str, value: bytes) -> None:
        raise Denied("the environment of the host cannot be changed")


class EnvironmentBackend:
    """Setting `prefix`: the prefix of the variables, by default `CONFIGS_`. It must not be empty."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "prefix")
        prefix = settings.get("prefix", PREFIX)
        if not isinstance(prefix, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", prefix):
            raise wrong_setting(
                "`prefix` must be the beginning of variable names", "use a prefix such as `SHOP_`", "prefix"
            )
        return Opened(ConfigSets(Environment(prefix)), f"the environment, in variables {prefix}…")

    def close(self, opened: Opened) -> None:
        opened.implementation.close()


def _spelled(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", text.upper())


backend = EnvironmentBackend()
