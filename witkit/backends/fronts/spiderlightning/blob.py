"""`spiderlightning:blob-store/blob-store` over blob backends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

from witkit.abi import Err
from witkit.backends.blob.protocol import Blobs, Reader, Writer, missing
from witkit.backends.fronts.failures import Cases
from witkit.backends.selector import Selector
from witkit.interfaces.blob_store import blob_store as api

CASES = Cases(api.Error_UnexpectedError, {})


class NotStored(Exception):
    """An object whose stream the guest dropped was not stored. The guest cannot see this; only the operator can."""


class Container:
    """`resource container`. `Containers` creates a subclass per selector."""

    _selector: ClassVar[Selector[Blobs]]

    def __init__(self, name: str, blobs: Blobs) -> None:
        self._name, self._blobs = name, blobs

    @classmethod
    def open(cls, name: str) -> Self:
        """The container of this name, created if there is none."""
        with CASES.raised("blob-store open"):
            blobs = cls._selector(name)
            blobs.create(name)
        return cls(name, blobs)

    def name(self) -> str:
        """The name it was opened with."""
        return self._name

    def info(self) -> api.ContainerMetadata:
        """Its name, and when it was created."""
        with CASES.raised("blob-store info"):
            return api.ContainerMetadata(self._name, self._blobs.created(self._name))

    def read_object(self, name: str) -> ReadStream:
        """A stream over the current content of the object."""
        with CASES.raised("blob-store read-object"):
            self._check(name)
            return ReadStream(self._blobs.read(self._name, name))

    def write_object(self, name: str) -> WriteStream:
        """A stream that stores the object when it ends."""
        with CASES.raised("blob-store write-object"):
            self._check(name)
            return WriteStream(self._blobs.write(self._name, name), self._blobs.limits.check_value)

    def list_objects(self) -> list[str]:
        """The names, in ascending order of their code points."""
        with CASES.raised("blob-store list-objects"):
            return self._blobs.names(self._name)

    def delete_object(self, name: str) -> None:
        """Remove the object if it exists."""
        with CASES.raised("blob-store delete-object"):
            self._check(name)
            self._blobs.delete(self._name, [name])

    def delete_objects(self, names: list[str]) -> None:
        """Remove those objects that exist."""
        with CASES.raised("blob-store delete-objects"):
            self._check(*names)
            self._blobs.delete(self._name, names)

    def has_object(self, name: str) -> bool:
        """Whether the object exists."""
        with CASES.raised("blob-store has-object"):
            self._check(name)
            return self._blobs.exists(self._name, name)

    def object_info(self, name: str) -> api.ObjectMetadata:
        """Size and age of the object."""
        with CASES.raised("blob-store object-info"):
            self._check(name)
            found = self._blobs.info(self._name, name)
            if found is None:
                raise missing(name)
        return api.ObjectMetadata(name, self._name, found.stored, found.size)

    def clear(self) -> None:
        """Remove all objects."""
        with CASES.raised("blob-store clear"):
            self._blobs.clear(self._name)

    def _check(self, *names: str) -> None:
        for name in names:
            self._blobs.limits.check_key(name)


class WriteStream:
    """`resource write-stream`: its data becomes the object, or is discarded with the stream."""

    def __init__(self, writer: Writer, check_size: Callable[[int], None]) -> None:
        self._writer: Writer | None = writer
        self._check_size, self._size = check_size, 0
        self._ended = "the stream has been closed"

    def write(self, data: bytes) -> None:
        """Append to the object. After one failure, all further writes fail, and so does `close`."""
        with self._used("blob-store write") as writer:
            self._check_size(self._size + len(data))
            writer.write(data)
        self._size += len(data)

    def close(self) -> None:
        """Store the object durably."""
        with self._used("blob-store close") as writer:
            writer.commit()
        self._writer = None

    def __wit_dropped__(self) -> None:
        """Store the object when the guest drops the stream. Raises NotStored if that fails."""
        if self._writer is None:
            return
        try:
            self.close()
        except Err as failure:
            raise NotStored(f"an object that the guest wrote was not stored: {failure.value.value}") from failure

    @contextmanager
    def _used(self, operation: str) -> Iterator[Writer]:
        """A failure ends the stream."""
        if self._writer is None:
            raise Err(api.Error_UnexpectedError(self._ended))
        try:
            with CASES.raised(operation):
                yield self._writer
        except BaseException as failure:
            why = failure.value.value if isinstance(failure, Err) else "it was interrupted"
            self._writer.discard()
            self._writer, self._ended = None, f"the stream failed before: {why}"
            raise


class ReadStream:
    """`resource read-stream`: an object, with a cursor."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes | None:
        """The next bytes, or None at the end."""
        if not self._reader.left:
            return None
        with CASES.raised("blob-store read"):
            return self._reader.read(size)

    def available(self) -> int:
        """The number of bytes that are left."""
        return self._reader.left


class Containers:
    """`interface blob-store`: the implementation for an import."""

    def __init__(self, selector: Selector[Blobs]) -> None:
        self._bound = type("Container", (Container,), {"_selector": selector, "__doc__": Container.__doc__})

    @property
    def Container(self) -> type[Container]:
        """The class of containers of this selector."""
        return self._bound

    @property
    def WriteStream(self) -> type[WriteStream]:
        """The class of write streams."""
        return WriteStream

    @property
    def ReadStream(self) -> type[ReadStream]:
        """The class of read streams."""
        return ReadStream
