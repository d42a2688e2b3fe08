"""The resource `write-stream` of every backend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from witkit.abi import Err
from witkit.interfaces.blob_store import blob_store as api


class NotStored(Exception):
    """An object whose stream the guest dropped was not stored. The guest cannot see this; only the operator can."""


class Pending(Protocol):
    """An object that is being written. `write` and `commit` raise the interface's error."""

    def write(self, data: bytes) -> None:
        """Append."""

    def commit(self) -> None:
        """Store the object, whole and durably."""

    def discard(self) -> None:
        """Discard what was written."""


class WriteStream:
    """`resource write-stream`: its data becomes the object, or is discarded with the stream."""

    def __init__(self, pending: Pending) -> None:
        self._pending: Pending | None = pending
        self._ended = "the stream has been closed"

    def write(self, data: bytes) -> None:
        """Append to the object. After one failure, all further writes fail, and so does `close`."""
        with self._used() as pending:
            pending.write(data)

    def close(self) -> None:
        """Store the object durably."""
        with self._used() as pending:
            pending.commit()
        self._pending = None

    def __wit_dropped__(self) -> None:
        """Store the object when the guest drops the stream. Raises NotStored if that fails."""
        if self._pending is None:
            return
        try:
            self.close()
        except Err as failure:
            raise NotStored(f"an object that the guest wrote was not stored: {failure.value.value}") from failure

    @contextmanager
    def _used(self) -> Iterator[Pending]:
        """A failure ends the stream."""
        if self._pending is None:
            raise Err(api.Error_UnexpectedError(self._ended))
        try:
            yield self._pending
        except BaseException as failure:
            why = failure.value.value if isinstance(failure, Err) else "it was interrupted"
            self._pending.discard()
            self._pending, self._ended = None, f"the stream failed before: {why}"
            raise
