"""Write an object in parts, so that an object of any size takes the memory of a few parts."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from .failures import failures

if TYPE_CHECKING:
    from obstore import WritableFile

    from .folders import ObjectFolder

PART: Final = 5 << 20
"""The bytes of a part: the least that S3 takes."""

PARTS: Final = 10_000
"""The most parts that S3 takes."""

AT_ONCE: Final = 2
"""How many parts are sent at the same time."""


class Abandoned(Exception):
    """The reason for obstore to abort an upload."""


class ObjectWriter:
    """An object that is being written: with one request if it is at most one part, else with an upload in parts."""

    def __init__(self, folder: ObjectFolder, name: str) -> None:
        self._folder, self._name = folder, name
        self._first = bytearray()
        self._upload: WritableFile | None = None

    def write(self, data: bytes) -> None:
        if self._upload is None:
            if len(self._first) + len(data) <= PART:
                self._first += data
                return
            self._upload = self._begun()
            first, self._first = self._first, bytearray()
            self._send(self._upload, first)
        self._send(self._upload, data)

    def commit(self) -> None:
        if self._upload is None:
            self._folder.put(self._name, bytes(self._first))
            self._first = bytearray()
            return
        with failures():
            self._upload.close()
        self._upload = None

    def discard(self) -> None:
        self._first = bytearray()
        upload, self._upload = self._upload, None
        if upload is not None:
            from obstore.exceptions import BaseError

            # If this fails, the service keeps an upload that was not completed, which nobody sees.
            with suppress(BaseError, OSError):
                upload.__exit__(Abandoned, Abandoned(), None)

    def __del__(self) -> None:
        self.discard()

    def _begun(self) -> WritableFile:
        from obstore import open_writer

        key, attributes = self._folder.key(self._name), self._folder.attributes(self._name)
        with failures():
            return open_writer(
                self._folder.store, key, attributes=attributes, buffer_size=PART, max_concurrency=AT_ONCE
            )

    def _send(self, upload: WritableFile, data: bytes | bytearray) -> None:
        with failures(), memoryview(data) as view:
            for start in range(0, len(view), PART):
                upload.write(bytes(view[start : start + PART]))
