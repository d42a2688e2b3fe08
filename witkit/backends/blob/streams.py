"""The resource `write-stream`, for every backend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from witkit.abi import Err
from witkit.interfaces.blob_store import blob_store as api


class NotStored(Exception):
    """An object that the guest wrote and dropped is not there: nobody but the operator can be told."""


class Pending(Protocol):
    """What will be an object. `write` and `commit` raise the interface's error."""

    def write(self, data: bytes) -> None:
        """Append."""

    def commit(self) -> None:
        """Make the object, whole and durably."""

    def discard(self) -> None:
        """Throw away what was written."""


class WriteStream:
    """`resource write-stream`: what becomes the object, or vanishes with the stream."""

    def __init__(self, pending: Pending) -> None:
        self._pending: Pending | None = pending
        self._ended = "the stream has been closed"

    def write(self, data: bytes) -> None:
        """Append to what will be the object. After a write that failed every other one fails, and so does `close`."""
        with self._used() as pending:
            pending.write(data)

    def close(self) -> None:
        """Make the object, durably."""
        with self._used() as pending:
            pending.commit()
        self._pending = None

    def __wit_dropped__(self) -> None:
        """The guest has dropped the stream: this makes the object, too. Raises NotStored if that fails."""
        if self._pending is None:
            return
        try:
            self.close()
        except Err as failure:
            raise NotStored(f"an object that the guest wrote was not stored: {failure.value.value}") from failure

    @contextmanager
    def _used(self) -> Iterator[Pending]:
        """What fails once is the end of the stream."""
        if self._pending is None:
            raise Err(api.Error_UnexpectedError(self._ended))
        try:
            yield self._pending
        except BaseException as failure:
            why = failure.value.value if isinstance(failure, Err) else "it was interrupted"
            self._pending.discard()
            self._pending, self._ended = None, f"the stream failed before: {why}"
            raise
