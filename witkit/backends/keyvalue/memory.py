"""Key-value stores in the memory of this process, which end with the backend."""

from __future__ import annotations

from threading import Lock

from witkit.backends.base import Opened, Settings, reject_unknown_settings
from witkit.backends.budget import Budget, Full, budget, size
from witkit.interfaces.keyvalue import keyvalue as kv

from .storage import Closed, Stores


class MemoryStorage:
    """One dictionary per store."""

    def __init__(self, budget: Budget) -> None:
        self._stores: dict[str, dict[str, bytes]] | None = {}
        self._lock, self._budget = Lock(), budget

    def create(self, store: str) -> None:
        with self._lock:
            self._entries(store)

    def get(self, store: str, key: str) -> bytes | None:
        with self._lock:
            return self._entries(store).get(key)

    def set(self, store: str, key: str, value: bytes) -> None:
        with self._lock:
            entries = self._entries(store)
            before = entries.get(key)
            self._budget.take(size(key, value) - (0 if before is None else size(key, before)))
            entries[key] = value

    def keys(self, store: str) -> list[str]:
        with self._lock:
            return list(self._entries(store))

    def delete(self, store: str, key: str) -> None:
        with self._lock:
            before = self._entries(store).pop(key, None)
            if before is not None:
                self._budget.take(-size(key, before))

    def case_of(self, failure: Exception) -> kv.KeyvalueError | None:
        return kv.KeyvalueError_IoError(str(failure)) if isinstance(failure, Full) else None

    def close(self) -> None:
        with self._lock:
            self._stores = None

    def _entries(self, store: str) -> dict[str, bytes]:
        if self._stores is None:
            raise Closed
        if store not in self._stores:
            self._budget.take(size(store))
            self._stores[store] = {}
        return self._stores[store]


class MemoryBackend:
    """Setting `memory`: the most bytes that all stores may take, by default 256 MiB."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "memory")
        return Opened(Stores(MemoryStorage(budget(settings))), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.storage.close()


backend = MemoryBackend()
