"""Settings from the environment of this process: those under one prefix, and no others.

The variable of key `api-url` in the set `shop` is `CONFIGS_SHOP_API_URL`: the prefix, the name of the set (left
out where it is empty) and the key, in upper case, with `_` for every character that is no letter or digit of ASCII.
"""

from __future__ import annotations

import os
import re

from witkit.backends.base import Opened, Settings, reject_unknown_settings, wrong_setting

from .source import ConfigSets, Denied

PREFIX = "CONFIGS_"
"""Beginning of the variables where no `prefix` is set."""


class Environment:
    """The variables that begin with a prefix, as they are when they are asked for."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def get(self, name: str, key: str) -> bytes | None:
        value = os.environ.get(self._prefix + _spelled(f"{name}_{key}" if name else key))
        return None if value is None else os.fsencode(value)

    def set(self, name: str, key: str, value: bytes) -> None:
        raise Denied("the environment of the host cannot be changed")


class EnvironmentBackend:
    """Setting `prefix`: what the variables begin with, `CONFIGS_` by default. It cannot be empty."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "prefix")
        prefix = settings.get("prefix", PREFIX)
        if not isinstance(prefix, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", prefix):
            raise wrong_setting("`prefix` is the beginning of variable names", "give one such as `SHOP_`", "prefix")
        return Opened(ConfigSets(Environment(prefix)), f"the environment, in variables {prefix}…")

    def close(self, opened: Opened) -> None:
        opened.implementation.close()


def _spelled(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", text.upper())


backend = EnvironmentBackend()
