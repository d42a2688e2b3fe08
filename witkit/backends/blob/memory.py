"""Containers in this process's memory: they end with the backend."""

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
"""Bytes that one `read` gives at most."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object, and when it was made."""

    content: bytes
    made: int = field(default_factory=lambda: int(time.time()))


@dataclass(slots=True)
class Objects:
    """The objects of one container, and when it was made."""

    made: int = field(default_factory=lambda: int(time.time()))
    by_name: dict[str, Object] = field(default_factory=dict)


class Memory:
    """All containers of one backend. Safe to use from several threads."""

    def __init__(self, budget: Budget) -> None:
        self.closed = False
        self._containers: dict[str, Objects] = {}
        # Reentrant, because a stream may be collected, and give its bytes back, in the middle of anything.
        self._lock, self._budget = RLock(), budget

    def check(self) -> None:
        """Raises the interface's error once the backend is closed."""
        if self.closed:
            raise Err(api.Error_UnexpectedError("the blob store has been closed"))

    def container(self, name: str) -> Objects:
        """The objects of a container, which is made where there is none. Raises the interface's error."""
        self.check()
        with self._lock:
            if name not in self._containers:
                self.take(size(_spelled(name)))
                self._containers[name] = Objects()
            return self._containers[name]

    def take(self, bytes: int) -> None:
        """Raises the interface's error where there is no room. The caller holds the lock."""
        try:
            self._budget.take(bytes)
        except Full as full:
            raise Err(api.Error_UnexpectedError(str(full))) from full

    def reserve(self, bytes: int) -> None:
        """As `take`, for a caller without the lock."""
        with self._lock:
            self.take(bytes)

    def put(self, objects: Objects, name: str, content: bytes) -> None:
        """Make the object, of bytes that were reserved. Raises the interface's error where there is no room."""
        with self._lock:
            before = objects.by_name.get(name)
            self.take(size(name) if before is None else -len(before.content))
            objects.by_name[name] = Object(content)

    def delete(self, objects: Objects, name: str) -> None:
        """Remove the object if it is there."""
        with self._lock:
            before = objects.by_name.pop(name, None)
            if before is not None:
                self.take(-size(name, before.content))


class Container:
    """`resource container`: a dictionary. `Containers` makes a subclass for each memory."""

    _memory: ClassVar[Memory]

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
        """Its name and when it was made."""
        return api.ContainerMetadata(self._name, self._objects.made)

    def read_object(self, name: str) -> ReadStream:
        """The object as it is now."""
        return ReadStream(self._found(name).content)

    def write_object(self, name: str) -> WriteStream:
        """A stream whose end makes the object."""
        return WriteStream(Writing(self._memory, self._objects, _spelled(name)))

    def list_objects(self) -> list[str]:
        """The names, in ascending order of their code points."""
        return sorted(self._objects.by_name.copy())

    def delete_object(self, name: str) -> None:
        """Remove the object if it is there."""
        self.delete_objects([name])

    def delete_objects(self, names: list[str]) -> None:
        """Remove those objects that are there."""
        for name in names:
            self._memory.delete(self._objects, name)

    def has_object(self, name: str) -> bool:
        """Whether the object is there."""
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
        """The objects, as long as the backend is open."""
        self._memory.check()
        return self._held

    def _found(self, name: str) -> Object:
        found = self._objects.by_name.get(name)
        if found is None:
            raise Err(api.Error_UnexpectedError(f"there is no object `{name}`"))
        return found


class Writing:
    """Bytes of an object: what a write stream writes to."""

    def __init__(self, memory: Memory, objects: Objects, name: str) -> None:
        self._memory, self._objects, self._name = memory, objects, name
        self._written = bytearray()

    def write(self, data: bytes) -> None:
        """Append. Raises the interface's error."""
        self._memory.reserve(len(data))
        self._written += data

    def commit(self) -> None:
        """Make the object. Raises the interface's error."""
        self._memory.put(self._objects, self._name, bytes(self._written))
        self._written = bytearray()

    def discard(self) -> None:
        """Throw away what was written."""
        self._memory.reserve(-len(self._written))
        self._written = bytearray()

    def __del__(self) -> None:
        self.discard()


class ReadStream:
    """`resource read-stream`: the bytes as they were when it was opened."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def read(self, size: int) -> bytes | None:
        """The next bytes, None at the end."""
        if not self.available():
            return None
        data = self._content[self._at : self._at + min(size, CHUNK)]
        self._at += len(data)
        return data

    def available(self) -> int:
        """How many bytes are left."""
        return len(self._content) - self._at


class Containers:
    """`interface blob-store` over one memory: what the import of a component is given."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._bound: type[Container] = type(
            "Container", (Container,), {"_memory": memory, "__doc__": Container.__doc__}
        )

    @property
    def Container(self) -> type[Container]:
        """The container's class; its `open` reaches this memory and no other."""
        return self._bound

    @property
    def WriteStream(self) -> type[WriteStream]:
        """The class of streams that write."""
        return WriteStream

    @property
    def ReadStream(self) -> type[ReadStream]:
        """The class of streams that read."""
        return ReadStream


class MemoryBackend:
    """Setting `memory`: the bytes that all objects may have, 256 MiB by default."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "memory")
        return Opened(Containers(Memory(budget(settings))), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.memory.closed = True


def _spelled(name: str) -> str:
    """The name. Raises the interface's error for one that no component can have."""
    with suppress(UnicodeEncodeError):
        name.encode()
        return name
    raise Err(api.Error_UnexpectedError("a name has a lone surrogate"))


backend = MemoryBackend()
