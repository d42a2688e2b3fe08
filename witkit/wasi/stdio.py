"""Where standard input comes from, and where standard output and error go to.

The streams of this Python are looked up at each use, because tests and notebooks replace them.
"""

from __future__ import annotations

import os
import select
import selectors
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from io import UnsupportedOperation
from typing import Any, BinaryIO, Final

from witkit._leaving import BROKEN_PIPE, NEEDS_READER, Terminated

from .streams import ByteSource, Error, Sink, StreamFailure
from .waits import Waits, asking, is_ready

_AHEAD: Final = 4096
_CAN_SELECT: Final = sys.platform != "win32"
"""On Windows, `select` supports only sockets: input counts as ready there, and reading blocks."""


_AT_ONCE: Final[int] = getattr(select, "PIPE_BUF", 512)
"""The bytes that a pipe takes without waiting if it is ready for any."""
_LONGEST: Final = 3600.0


class NoInput(ByteSource):
    """An input that is at its end."""

    def take(self, length: int) -> bytes | None:
        return None


class GivenInput(ByteSource):
    """Bytes, or an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead = b""

    def take(self, length: int) -> bytes | None:
        try:
            self._ahead = self._ahead or self._file.read(_AHEAD)
        except OSError as problem:
            raise failed(problem) from problem
        if not self._ahead:
            return None
        data, self._ahead = self._ahead[:length], self._ahead[length:]
        return data


class OwnInput(ByteSource):
    """The raw stream of `sys.stdin`, without its buffer, because in a component the buffer belongs to the guest.

    All streams of a guest share one. An object that is not a file, as in tests, is always ready.
    """

    def __init__(self) -> None:
        self._ahead = b""
        self._at_end = False

    @property
    def reading(self) -> int | None:  # type: ignore[override]
        return _descriptor(sys.stdin) if _CAN_SELECT else None

    def ready(self) -> bool:
        descriptor = self.reading
        if self._ahead or self._at_end or descriptor is None:
            return True
        try:
            return is_ready(descriptor, selectors.EVENT_READ)
        except OSError:
            return True  # reading reports what is wrong

    def take(self, length: int) -> bytes | None:
        if not self._ahead and not self._at_end:
            self._fill()
        if self._at_end:
            return None
        data, self._ahead = self._ahead[:length], self._ahead[length:]
        return data

    def _fill(self) -> None:
        self._at_end = True  # if it fails
        try:
            self._ahead = _read(sys.stdin)
        except OSError as problem:
            raise failed(problem) from problem
        self._at_end = not self._ahead


class Nowhere(Sink):
    """Throws everything away."""

    def write(self, data: bytes) -> None:
        pass


class FunctionSink(Sink):
    """A function of the host, whose exceptions come out of the guest's call."""

    def __init__(self, function: Callable[[bytes], object]) -> None:
        self._function = function

    def write(self, data: bytes) -> None:
        if data:
            self._function(data)


class Remembered(Sink):
    """Another sink, and a function that gets the bytes before it."""

    def __init__(self, function: Callable[[bytes], object], sink: Sink) -> None:
        self._function, self._sink = function, sink

    def write(self, data: bytes) -> None:
        if data:
            self._function(data)
        self._sink.write(data)


class UnbufferedFile(Sink):
    """A file that is open for writing without a buffer."""

    def __init__(self, waits: Waits, file: BinaryIO) -> None:
        self._waits, self._file = waits, file

    def write(self, data: bytes) -> None:
        _write_all(self._waits, self._file.fileno(), data)


class OwnOutput(Sink):
    """`sys.stdout` or `sys.stderr`, by its name. Flushes what this Python has printed before."""

    def __init__(self, waits: Waits, name: str) -> None:
        self._waits, self._name = waits, name

    def write(self, data: bytes) -> None:
        stream: Any = getattr(sys, self._name)
        if stream is None:
            return
        try:
            stream.flush()
            descriptor = _descriptor(stream)
            if descriptor is None:
                _write(stream, data)
        except OSError as problem:
            raise failed(problem) from problem
        if descriptor is not None:
            # Bypass Python's buffer, which would fail again at the end of the program.
            _write_all(self._waits, descriptor, data)


def is_terminal(name: str) -> bool:
    """Whether a standard stream is connected to a terminal."""
    stream = getattr(sys, name)
    return stream is not None and bool(stream.isatty())


def failed(problem: OSError) -> StreamFailure:
    """A failure of a standard stream. One that nobody reads any more is closed, or ends the program."""
    if isinstance(problem, BrokenPipeError) and NEEDS_READER.get():
        raise Terminated(BROKEN_PIPE)
    return StreamFailure(None if isinstance(problem, BrokenPipeError) else Error(str(problem)))


def _write_all(waits: Waits, descriptor: int, data: bytes) -> None:
    """Write everything. A pipe or a terminal is waited for in `waits`: nothing could end a wait inside of `write`."""
    left = memoryview(data)
    if _CAN_SELECT and not stat.S_ISREG(os.fstat(descriptor).st_mode):
        with asking(descriptor, selectors.EVENT_WRITE) as is_ready_now:
            while left:
                while not is_ready_now():
                    waits.wait([], [descriptor], _LONGEST)
                left = left[_written(descriptor, left[:_AT_ONCE]) :]
    while left:
        left = left[_written(descriptor, left) :]


def _written(descriptor: int, data: memoryview) -> int:
    try:
        return os.write(descriptor, data)
    except OSError as problem:
        raise failed(problem) from problem


def _descriptor(stream: Any) -> int | None:
    """The file descriptor of a stream, or None."""
    with suppress(AttributeError, UnsupportedOperation):
        return int(stream.fileno())
    return None


def _read(stream: Any) -> bytes:
    descriptor = _descriptor(stream)
    if descriptor is not None:
        return os.read(descriptor, _AHEAD)
    if stream is None:
        return b""
    data: bytes | str = getattr(stream, "buffer", stream).read(_AHEAD)
    return data.encode() if isinstance(data, str) else data


def _write(stream: Any, data: bytes) -> None:
    if hasattr(stream, "buffer"):
        stream.buffer.write(data)
        stream.buffer.flush()
    else:
        stream.write(data.decode("utf-8", "replace"))
