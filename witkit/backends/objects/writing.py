"""Write an object in parts, so that an object of any size takes the memory of a few parts."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from .failures import failures

if TYPE_CHECKING:
    from obstore import WritableFile

    from .folders import Folder

PART: Final = 5 << 20
"""The bytes of a part: the least that S3 takes."""

PARTS: Final = 10_000
"""The most parts that S3 takes."""

AT_ONCE: Final = 2
"""How many parts are sent at the same time."""


class Abandoned(Exception):
    """The reason for obstore to abort an upload."""


class ObjectWriter:
    """An object that is being written. One part is stored with one request, more with an upload in parts."""

    def __init__(self, folder: Folder, name: str) -> None:
        from obstore import open_writer

        with failures():
            self._file: WritableFile | None = open_writer(
                folder.store,
                folder.key(name),
                attributes=folder.attributes(name),
                buffer_size=PART,
                max_concurrency=AT_ONCE,
            )

    def write(self, data: bytes) -> None:
        file = self._expect()
        with failures(), memoryview(data) as view:
            for start in range(0, len(view), PART):
                file.write(bytes(view[start : start + PART]))

    def commit(self) -> None:
        file = self._expect()
        with failures():
            file.close()
        self._file = None

    def discard(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            from obstore.exceptions import BaseError

            # The service drops what remains, or keeps it as an upload that was not completed, which nobody sees.
            with suppress(BaseError, OSError):
                file.__exit__(Abandoned, Abandoned(), None)

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.discard()

    def _expect(self) -> WritableFile:
        assert self._file is not None, "the writer has ended"
        return self._file
