"""Containers in the memory of this process, which end with the backend."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import RLock
from typing import ClassVar, Self

from witkit.abi import Err
from witkit.backends.base import Opened, Settings, reject_unknown_settings
from witkit.backends.budget import Budget, Full, budget, size
from witkit.interfaces.blob_store import blob_store as api

from .streams import WriteStream

CHUNK = 1 << 20
"""The most bytes that one `read` returns."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object, and when it was created."""

    content: bytes
    made: int = field(default_factory=lambda: int(time.time()))


@dataclass(slots=True)
class Objects:
    """The objects of one container, and when it was created."""

    made: int = field(default_factory=lambda: int(time.time()))
    by_name: dict[str, Object] = field(default_factory=dict)


class MemoryContainers:
    """All containers of one backend. Safe to use from several threads."""

    def __init__(self, budget: Budget) -> None:
        self.closed = False
        self._containers: dict[str, Objects] = {}
        # Reentrant, because a stream may be garbage-collected, and return its bytes, at any moment.
        self._lock, self._budget = RLock(), budget

    def check(self) -> None:
        """Raise the interface's error if the backend is closed."""
        if self.closed:
            raise Err(api.Error_UnexpectedError("the blob store has been closed"))

    def container(self, name: str) -> Objects:
        """The objects of a container, which is created if it does not exist. Raises the interface's error."""
        self.check()
        with self._lock:
            if name not in self._containers:
                self.take(size(_spelled(name)))
                self._containers[name] = Objects()
            return self._containers[name]

    def take(self, bytes: int) -> None:
        """Reserve bytes. Raises the interface's error if there is no room. The caller holds the lock."""
        try:
            self._budget.take(bytes)
        except Full as full:
            raise Err(api.Error_UnexpectedError(str(full))) from full

    def reserve(self, bytes: int) -> None:
        """As `take`, for callers without the lock."""
        with self._lock:
            self.take(bytes)

    def put(self, objects: Objects, name: str, content: bytes) -> None:
        """Store an object whose bytes were reserved. Raises the interface's error if there is no room."""
        with self._lock:
            before = objects.by_name.get(name)
            self.take(size(name) if before is None else -len(before.content))
            objects.by_name[name] = Object(content)

    def delete(self, objects: Objects, name: str) -> None:
        """Remove the object if it exists."""
        with self._lock:
            before = objects.by_name.pop(name, None)
            if before is not None:
                self.take(-size(name, before.content))


class Container:
    """`resource container`: a dictionary. `Containers` creates a subclass for each memory."""

    _memory: ClassVar[MemoryContainers]

    def __init__(self, name: str) -> None:
        self._name, self._held = name, self._memory.container(name)

    @classmethod
    def open(cls, name: str) -> Self:
        """The container of this name, created if there is none."""
        return cls(name)

    def name(self) -> str:
        """The name it was opened with."""
        return self._name

    def info(self) -> api.ContainerMetadata:
        """Its name, and when it was created."""
        return api.ContainerMetadata(self._name, self._objects.made)

    def read_object(self, name: str) -> ReadStream:
        """A stream over the current content of the object."""
        return ReadStream(self._found(name).content)

    def write_object(self, name: str) -> WriteStream:
        """A stream that stores the object when it ends."""
        return WriteStream(Writing(self._memory, self._objects, _spelled(name)))

    def list_objects(self) -> list[str]:
        """The names, in ascending order of their code points."""
        return sorted(self._objects.by_name.copy())

    def delete_object(self, name: str) -> None:
        """Remove the object if it is there."""
        self.delete_objects([name])

    def delete_objects(self, names: list[str]) -> None:
        """Remove those objects that exist."""
        for name in names:
            self._memory.delete(self._objects, name)

    def has_object(self, name: str) -> bool:
        """Whether the object exists."""
        return _spelled(name) in self._objects.by_name

    def object_info(self, name: str) -> api.ObjectMetadata:
        """Size and age of the object."""
        found = self._found(name)
        return api.ObjectMetadata(name, self._name, found.made, len(found.content))

    def clear(self) -> None:
        """Remove all objects."""
        self.delete_objects(self.list_objects())

    @property
    def _objects(self) -> Objects:
        """The objects. Raises the interface's error once the backend is closed."""
        self._memory.check()
        return self._held

    def _found(self, name: str) -> Object:
        found = self._objects.by_name.get(name)
        if found is None:
            raise Err(api.Error_UnexpectedError(f"there is no object `{name}`"))
        return found


class Writing:
    """The bytes of an object, which a write stream writes to."""

    def __init__(self, memory: MemoryContainers, objects: Objects, name: str) -> None:
        self._memory, self._objects, self._name = memory, objects, name
        self._written = bytearray()

    def write(self, data: bytes) -> None:
        """Append. Raises the interface's error."""
        self._memory.reserve(len(data))
        self._written += data

    def commit(self) -> None:
        """Store the object. Raises the interface's error."""
        self._memory.put(self._objects, self._name, bytes(self._written))
        self._written = bytearray()

    def discard(self) -> None:
        """Discard what was written."""
        self._memory.reserve(-len(self._written))
        self._written = bytearray()

    def __del__(self) -> None:
        self.discard()


class ReadStream:
    """`resource read-stream`: the bytes of the object when the stream was opened."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def read(self, size: int) -> bytes | None:
        """The next bytes, or None at the end."""
        if not self.available():
            return None
        data = self._content[self._at : self._at + min(size, CHUNK)]
        self._at += len(data)
        return data

    def available(self) -> int:
        """The number of bytes that are left."""
        return len(self._content) - self._at


class Containers:
    """`interface blob-store` over one memory: the implementation for the import."""

    def __init__(self, memory: MemoryContainers) -> None:
        self.memory = memory
        self._bound: type[Container] = type(
            "Container", (Container,), {"_memory": memory, "__doc__": Container.__doc__}
        )

    @property
    def Container(self) -> type[Container]:
        """The class of containers in this memory."""
        return self._bound

    @property
    def WriteStream(self) -> type[WriteStream]:
        """The class of write streams."""
        return WriteStream

    @property
    def ReadStream(self) -> type[ReadStream]:
        """The class of read streams."""
        return ReadStream


class MemoryBackend:
    """Setting `memory`: the most bytes that all objects may take, by default 256 MiB."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "memory")
        return Opened(Containers(MemoryContainers(budget(settings))), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.memory.closed = True


def _spelled(name: str) -> str:
    """The name. Raises the interface's error for a name that no component can pass."""
    with suppress(UnicodeEncodeError):
        name.encode()
        return name
    raise Err(api.Error_UnexpectedError("a name has a lone surrogate"))


backend = MemoryBackend()
