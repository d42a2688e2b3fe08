"""Settings that the user gives at the start, and that the component can change while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from witkit.backends.base import Opened, Settings, reject_unknown_settings, wrong_setting
from witkit.backends.budget import Budget, budget, size

from .source import ConfigSets


class MemoryConfigs:
    """Settings of the user are in every set; those of a component are only in the set where it set them."""

    def __init__(self, given: Mapping[str, bytes], budget: Budget) -> None:
        self._given = dict(given)
        self._changed: dict[tuple[str, str], bytes] = {}
        self._lock, self._budget = Lock(), budget

    def get(self, name: str, key: str) -> bytes | None:
        with self._lock:
            return self._changed.get((name, key), self._given.get(key))

    def set(self, name: str, key: str, value: bytes) -> None:
        with self._lock:
            before = self._changed.get((name, key))
            self._budget.take(size(name, key, value) - (0 if before is None else size(name, key, before)))
            self._changed[name, key] = value


class MemoryBackend:
    """Settings: `values`, a table with the initial content of every set, by default empty; `memory`, the most bytes
    that a component may store, by default 256 MiB."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "values", "memory")
        values = settings.get("values", {})
        if not isinstance(values, Mapping):
            help = 'write it as `values = { key = "value" }`'
            raise wrong_setting("`values` must be a table of settings", help, "values")
        given = {str(key): _bytes(key, value) for key, value in values.items()}
        return Opened(ConfigSets(MemoryConfigs(given, budget(settings))), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.close()


def _bytes(key: Any, value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int | float):
        return str(value).encode()
    message = f"the setting `{key}` must be a string or a number"
    raise wrong_setting(message, "write other values as strings", f"values.{key}")


backend = MemoryBackend()
