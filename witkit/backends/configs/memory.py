"""Settings that the user gives at the start, and that programs can change while this process runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from witkit.backends.backend import Backend
from witkit.backends.budget import MEMORY, ByteBudget, size
from witkit.backends.errors import each_of, wrong_setting
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, TABLE, setting

from .protocol import Configs, ConfigsSettings, closed, spelled


def _given(values: Mapping[str, Any]) -> dict[str, bytes]:
    return dict(each_of(_entry, values.items()))


def _entry(given: tuple[str, Any]) -> tuple[str, bytes]:
    key, value = given
    try:
        return key, spelled(key, value)
    except ValueError as wrong:
        raise wrong_setting(str(wrong), "write other values as strings", f"values.{key}") from None


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(ConfigsSettings):
    values: Mapping[str, Any] = setting(
        TABLE, "What every set begins with: keys with texts or numbers.", None, checked=_given
    )
    memory: int = setting(COUNT, "The most bytes that changed settings may take.", MEMORY)


class MemoryConfigs(Configs):
    """Settings of the user are in every set; those of a program are only in the set where it set them."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self.default_set = settings.set
        self._given = dict(_given(settings.values or {}))
        self._changed: dict[str, dict[str, bytes]] = {}
        self._lock, self._budget, self._closed = Lock(), ByteBudget(settings.memory), False

    def get(self, name: str, key: str) -> bytes | None:
        with self._lock:
            self._expect_open()
            return self._changed.get(name, {}).get(key, self._given.get(key))

    def set(self, name: str, key: str, value: bytes) -> None:
        with self._lock:
            self._expect_open()
            before = self._changed.get(name, {}).get(key)
            self._budget.take(size(name, key, value) - (0 if before is None else size(name, key, before)))
            self._changed.setdefault(name, {})[key] = value

    def all(self, name: str) -> dict[str, bytes]:
        with self._lock:
            self._expect_open()
            return {**self._given, **self._changed.get(name, {})}

    def check(self) -> None:
        with self._lock:
            self._expect_open()

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()


backend = Backend("Settings of the user, which programs can change in memory.", MemoryConfigs, MemorySettings)
