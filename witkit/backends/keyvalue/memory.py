"""Key-value stores in the memory of this process, which end with the backend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

from witkit.backends.backend import Backend
from witkit.backends.budget import MEMORY, ByteBudget, size
from witkit.backends.limits import Limits
from witkit.backends.paging import page
from witkit.backends.settings import COUNT, BackendSettings, setting

from .protocol import KeyValue, closed
from .watching import KeyChange, Reported, Watch


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(BackendSettings):
    memory: int = setting(COUNT, "The most bytes that all stores may take.", MEMORY)


class MemoryStores(KeyValue):
    """One dictionary per store."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self._stores: dict[str, dict[str, bytes]] | None = {}
        self._lock, self._budget = Lock(), ByteBudget(settings.memory)
        self._watches: list[tuple[str, Collection[str] | None, Reported]] = []

    def create(self, store: str) -> None:
        with self._lock:
            self._entries(store)

    def get(self, store: str, key: str) -> bytes | None:
        with self._lock:
            return self._entries(store).get(key)

    def set(self, store: str, key: str, value: bytes) -> None:
        with self._lock:
            self._put(store, key, value)

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        with self._lock:
            found = list(self._entries(store))
        return page(found, after, count)

    def delete(self, store: str, key: str) -> None:
        with self._lock:
            before = self._entries(store).pop(key, None)
            if before is not None:
                self._budget.take(-size(key, before))
                if self._watches:
                    self._report(store, key, None)

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        with self._lock:
            if self._entries(store).get(key) != old:
                return False
            self._put(store, key, new)
            return True

    def watch(self, store: str, keys: Collection[str] | None = None) -> Watch:
        """Every change is seen."""
        entry = store, keys, Reported(lambda: self._forget(entry))
        with self._lock:
            self._entries(store)
            self._watches.append(entry)
        return entry[2]

    def check(self) -> None:
        with self._lock:
            if self._stores is None:
                raise closed()

    def close(self) -> None:
        with self._lock:
            self._stores = None
            for _, _, changes in self._watches:
                changes.fail(closed())

    def _forget(self, entry: tuple[str, Collection[str] | None, Reported]) -> None:
        with self._lock:
            self._watches.remove(entry)

    def _put(self, store: str, key: str, value: bytes) -> None:
        entries = self._entries(store)
        before = entries.get(key)
        self._budget.take(size(key, value) if before is None else len(value) - len(before))
        entries[key] = value
        if self._watches:
            self._report(store, key, value)

    def _report(self, store: str, key: str, value: bytes | None) -> None:
        for watched, keys, changes in self._watches:
            if watched == store and (keys is None or key in keys):
                changes.put(KeyChange(store, key, value))

    def _entries(self, store: str) -> dict[str, bytes]:
        if self._stores is None:
            raise closed()
        entries = self._stores.get(store)
        if entries is None:
            self._budget.take(size(store))
            entries = self._stores[store] = {}
        return entries


backend = Backend("Stores in the memory of this process.", MemoryStores, MemorySettings)
