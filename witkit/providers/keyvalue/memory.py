"""Key-value stores in this process's memory: they end with the provider."""

from __future__ import annotations

from threading import Lock

from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.providers.base import Opened, Settings, only

from .storage import Closed, Stores


class Memory:
    """A dictionary a store."""

    def __init__(self) -> None:
        self._stores: dict[str, dict[str, bytes]] | None = {}
        self._lock = Lock()

    def create(self, store: str) -> None:
        with self._lock:
            self._entries(store)

    def get(self, store: str, key: str) -> bytes | None:
        with self._lock:
            return self._entries(store).get(key)

    def set(self, store: str, key: str, value: bytes) -> None:
        with self._lock:
            self._entries(store)[key] = value

    def keys(self, store: str) -> list[str]:
        with self._lock:
            return list(self._entries(store))

    def delete(self, store: str, key: str) -> None:
        with self._lock:
            self._entries(store).pop(key, None)

    def case_of(self, failure: Exception) -> kv.KeyvalueError | None:
        return None

    def close(self) -> None:
        with self._lock:
            self._stores = None

    def _entries(self, store: str) -> dict[str, bytes]:
        if self._stores is None:
            raise Closed
        return self._stores.setdefault(store, {})


class MemoryProvider:
    """No settings."""

    def open(self, settings: Settings) -> Opened:
        only(settings)
        return Opened(Stores(Memory()), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.storage.close()


provider = MemoryProvider()
