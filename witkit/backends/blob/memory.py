"""Containers in the memory of this process, which end with the backend."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import RLock

from witkit.backends.backend import Backend
from witkit.backends.budget import MEMORY, ByteBudget, size
from witkit.backends.limits import Limits
from witkit.backends.paging import page
from witkit.backends.settings import COUNT, BackendSettings, setting

from .protocol import CHUNK, Blobs, Info, closed, missing


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(BackendSettings):
    memory: int = setting(COUNT, "The most bytes that all objects may take.", MEMORY)


@dataclass(frozen=True, slots=True)
class Object:
    """An object, and when it was stored."""

    content: bytes
    stored: int = field(default_factory=lambda: int(time.time()))


@dataclass(slots=True)
class MemoryContainer:
    """The objects of one container, and when it was created."""

    created: int = field(default_factory=lambda: int(time.time()))
    objects: dict[str, Object] = field(default_factory=dict)


class MemoryBlobs(Blobs):
    """One dictionary per container."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self._containers: dict[str, MemoryContainer] = {}
        self._closed = False
        # Reentrant, because a writer may be garbage-collected, and return its bytes, at any moment.
        self._lock, self._budget = RLock(), ByteBudget(settings.memory)

    def create(self, container: str) -> None:
        with self._lock:
            self._container(container)

    def created(self, container: str) -> int:
        with self._lock:
            return self._container(container).created

    def read(self, container: str, name: str) -> MemoryReader:
        with self._lock:
            found = self._container(container).objects.get(name)
        if found is None:
            raise missing(name)
        return MemoryReader(found.content)

    def write(self, container: str, name: str) -> MemoryWriter:
        with self._lock:
            return MemoryWriter(self, self._container(container), name)

    def info(self, container: str, name: str) -> Info | None:
        with self._lock:
            found = self._container(container).objects.get(name)
        return None if found is None else Info(len(found.content), found.stored)

    def names(self, container: str, after: str = "", count: int | None = None) -> list[str]:
        with self._lock:
            found = list(self._container(container).objects)
        return page(found, after, count)

    def delete(self, container: str, names: Sequence[str]) -> None:
        with self._lock:
            objects = self._container(container).objects
            for name in names:
                if (before := objects.pop(name, None)) is not None:
                    self._budget.take(-size(name, before.content))

    def check(self) -> None:
        if self._closed:
            raise closed()

    def close(self) -> None:
        self._closed = True

    def reserve(self, bytes: int) -> None:
        """Take bytes of the budget. Raises Failure (FULL)."""
        with self._lock:
            self._budget.take(bytes)

    def put(self, container: MemoryContainer, name: str, content: bytes) -> None:
        """Store an object whose bytes were reserved. Raises Failure (FULL) if there is no room for its name."""
        with self._lock:
            before = container.objects.get(name)
            self._budget.take(size(name) if before is None else -len(before.content))
            container.objects[name] = Object(content)

    def _container(self, name: str) -> MemoryContainer:
        self.check()
        if name not in self._containers:
            self._budget.take(size(name))
            self._containers[name] = MemoryContainer()
        return self._containers[name]


class MemoryWriter:
    """The bytes of an object that is being written. They count, so that open writers are limited, too."""

    def __init__(self, blobs: MemoryBlobs, container: MemoryContainer, name: str) -> None:
        self._blobs, self._container, self._name = blobs, container, name
        self._written = bytearray()

    def write(self, data: bytes) -> None:
        self._blobs.reserve(len(data))
        self._written += data

    def commit(self) -> None:
        self._blobs.put(self._container, self._name, bytes(self._written))
        self._written = bytearray()

    def discard(self) -> None:
        self._blobs.reserve(-len(self._written))
        self._written = bytearray()

    def __del__(self) -> None:
        self.discard()


class MemoryReader:
    """The bytes of the object when reading began."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def read(self, size: int) -> bytes:
        data = self._content[self._at : self._at + min(size, CHUNK)]
        self._at += len(data)
        return data


backend = Backend("Containers in the memory of this process.", MemoryBlobs, MemorySettings)
