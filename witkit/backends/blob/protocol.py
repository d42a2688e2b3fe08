"""The protocol of blob backends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind

CHUNK: Final = 1 << 20
"""The most bytes that one `read` returns. A guest asks for a number, but the host has to hold the bytes."""


@dataclass(frozen=True, slots=True)
class Info:
    """The size of an object in bytes, and when it was stored, in seconds since 1970."""

    size: int
    stored: int


class Reader(Protocol):
    """An object that is being read, with a cursor. It never mixes the content of two objects."""

    @property
    def left(self) -> int:
        """The number of bytes that are left."""

    def read(self, size: int) -> bytes:
        """The next bytes: at most `size` and CHUNK of them, and none at the end. Raises Failure.

        CONFLICT means that the object was changed after reading began, and the backend cannot read the old one.
        """


class Writer(Protocol):
    """An object that is being written. Nobody sees it before `commit`. After one failure it can only be discarded."""

    def write(self, data: bytes) -> None:
        """Append. Raises Failure."""

    def commit(self) -> None:
        """Store the object, whole and durably. Raises Failure, and then what was there before is kept.

        After TIMEOUT and UNREACHABLE, the object may be either.
        """

    def discard(self) -> None:
        """Remove what was written. This happens, too, if the writer is garbage-collected, and never fails."""


class Blobs(Opened, Protocol):
    """Named containers of objects. Containers and objects have any name. Everything raises Failure.

    Names are ordered by their code points.
    """

    @abstractmethod
    def create(self, container: str) -> None:
        """Create the container if it does not exist."""

    @abstractmethod
    def created(self, container: str) -> int:
        """When the container was created, in seconds since 1970. 0 if the server does not say."""

    @abstractmethod
    def read(self, container: str, name: str) -> Reader:
        """A reader of the object. Raises Failure (MISSING) if it does not exist."""

    @abstractmethod
    def write(self, container: str, name: str) -> Writer:
        """A writer of the object."""

    @abstractmethod
    def info(self, container: str, name: str) -> Info | None:
        """What is known about the object, or None if it does not exist."""

    @abstractmethod
    def names(self, container: str, after: str = "", count: int | None = None) -> list[str]:
        """The names of the objects after this one: at most `count` of them."""

    @abstractmethod
    def delete(self, container: str, names: Sequence[str]) -> None:
        """Remove those objects that exist. If it fails, some of them may be removed."""

    def exists(self, container: str, name: str) -> bool:
        """Whether the object exists."""
        return self.info(container, name) is not None

    def clear(self, container: str) -> None:
        """Remove all objects. The container is kept."""
        self.delete(container, self.names(container))


def missing(name: str) -> Failure:
    """The failure for an object that does not exist."""
    return Failure(Kind.MISSING, f"there is no object `{name}`")


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "the blob store has been closed")
