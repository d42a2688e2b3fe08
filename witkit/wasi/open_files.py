"""Open files, and streams of them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Final

from .file_errors import code_of
from .room import Room
from .streams import ByteSource, Error, Sink, StreamFailure

MOST: Final = 1 << 20
"""The most bytes that are read at once. A guest may ask for any number; it gets fewer and asks again."""

_AT_THE_END: Final[int] = getattr(os, "RWF_APPEND", 0)


class OpenFile:
    """A file descriptor with several users: it is closed when the last one has released it, and its place in the
    guest's room is free again."""

    def __init__(self, number: int, room: Room) -> None:
        self.number, self._room, self._users = number, room, 1

    def shared(self) -> OpenFile:
        """The same file for one more user."""
        self._users += 1
        return self

    def release(self) -> None:
        self._users -= 1
        if self._users == 0:
            number, self.number = self.number, -1
            os.close(number)
            self._room.give()

    def __del__(self) -> None:
        if self.number >= 0:
            with suppress(OSError):
                os.close(self.number)


class FileSource(ByteSource):
    """The bytes of a file from a position on."""

    def __init__(self, file: OpenFile, position: int) -> None:
        self._file, self._position, self._is_over = file, position, False

    def take(self, length: int) -> bytes | None:
        if self._is_over:
            return None
        if not length:
            return b""
        try:
            data = os.pread(self._file.number, min(length, MOST), self._position)
        except (OSError, OverflowError) as failure:
            self._is_over = True
            raise _failed(failure) from failure
        self._position += len(data)
        self._is_over = not data
        return data or None

    def close(self) -> None:
        self._file.release()


class FileSink(Sink):
    """Writes to a file from a position on."""

    def __init__(self, file: OpenFile, position: int) -> None:
        self._file, self._position = file, position

    def write(self, data: bytes) -> None:
        try:
            while data:
                written = os.pwrite(self._file.number, data, self._position)
                self._position += written
                data = data[written:]
        except (OSError, OverflowError) as failure:
            raise _failed(failure) from failure

    def close(self) -> None:
        self._file.release()


class AppendingSink(Sink):
    """Writes to the end of a file, wherever that is at each write.

    Only Linux has a call for that. Elsewhere, two writers at the same time may overwrite each other.
    """

    def __init__(self, file: OpenFile) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._append(data) :]
        except OSError as failure:
            raise _failed(failure) from failure

    def _append(self, data: bytes) -> int:
        if _AT_THE_END:
            return os.pwritev(self._file.number, [data], 0, _AT_THE_END)
        return os.pwrite(self._file.number, data, os.fstat(self._file.number).st_size)

    def close(self) -> None:
        self._file.release()


def _failed(failure: OSError | OverflowError) -> StreamFailure:
    problem = failure if isinstance(failure, OSError) else OSError(22, "the position is too large")
    return StreamFailure(Error(str(problem.strerror or problem), file=code_of(problem)))
