"""`wasi:io/error` and `wasi:io/streams`: streams over any source or sink of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

from witkit import abi
from witkit.native.errors import WouldTrap

from .poll import Pollable

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

PERMIT: Final = 1 << 20
"""The bytes that `check-write` allows, as in the runtime."""

COPIED_PERMIT: Final = 8192
"""The same for standard error, which the runtime copies while a component writes it."""

_BLOCKING: Final = 4096
"""The most bytes of a blocking write, by the interface."""


class Error:
    """Why an operation failed."""

    def __init__(self, message: str) -> None:
        self._message = message

    def to_debug_string(self) -> str:
        return self._message


@dataclass
class StreamError_LastOperationFailed:
    value: Error


@dataclass
class StreamError_Closed:
    pass


class ByteSource(Protocol):
    """A source of bytes. `descriptor` is what `select` can wait for, or None if `ready` is always true."""

    @property
    def descriptor(self) -> int | None: ...

    def ready(self) -> bool:
        """Whether `take` returns bytes, or the end, without waiting."""
        ...

    def take(self, length: int) -> bytes | None:
        """Up to `length` bytes, or None at the end. Raises OSError once, and is then at its end."""
        ...


class Sink(Protocol):
    """A sink of bytes."""

    def write(self, data: bytes) -> None:
        """Raises OSError, or `BrokenPipeError` if there is no reader any more."""
        ...


class InputStream:
    """The resource `input-stream`."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source

    def read(self, length: int) -> bytes:
        if not self._source.ready():
            return b""
        try:
            data = self._source.take(length)
        except OSError as problem:
            raise abi.Err(StreamError_LastOperationFailed(Error(str(problem)))) from problem
        if data is None:
            raise abi.Err(StreamError_Closed())
        return data

    def blocking_read(self, length: int) -> bytes:
        _Readable(self, self._source).block()
        return self.read(length)

    def skip(self, length: int) -> int:
        return len(self.read(length))

    def blocking_skip(self, length: int) -> int:
        return len(self.blocking_read(length))

    def subscribe(self) -> Pollable:
        return _Readable(self, self._source)


class _Readable(Pollable):
    def __init__(self, stream: InputStream, source: ByteSource) -> None:
        super().__init__(stream)
        self._source = source
        self.descriptor = source.descriptor

    def ready(self) -> bool:
        return self._source.ready()


class OutputStream:
    """The resource `output-stream`. It writes to its sink at once, so it is always ready."""

    def __init__(self, sink: Sink, most: int = PERMIT) -> None:
        self._sink, self._most = sink, most
        self._permit = 0
        self._closed = False

    def check_write(self) -> int:
        self._check_open()
        self._permit = self._most
        return self._most

    def write(self, contents: bytes) -> None:
        self._check_permit(len(contents))
        self._put(contents)

    def write_zeroes(self, length: int) -> None:
        self._check_permit(length)
        self._put(bytes(length))

    def blocking_write_and_flush(self, contents: bytes) -> None:
        _check_length(len(contents), "blocking-write-and-flush")
        self._put(contents)

    def blocking_write_zeroes_and_flush(self, length: int) -> None:
        _check_length(length, "blocking-write-zeroes-and-flush")
        self._put(bytes(length))

    def flush(self) -> None:
        self._check_open()

    blocking_flush = flush

    def splice(self, src: Any, length: int) -> int:
        allowed = min(self.check_write(), length)
        if not allowed:
            return 0  # without reading the source, as in the runtime
        data = src.read(allowed)
        self.write(data)
        return len(data)

    def blocking_splice(self, src: Any, length: int) -> int:
        src.subscribe().block()
        return self.splice(src, length)

    def subscribe(self) -> Pollable:
        return Pollable(self)

    def _check_open(self) -> None:
        if self._closed:
            raise abi.Err(StreamError_Closed())

    def _check_permit(self, length: int) -> None:
        """Each `check-write` permits one write. Raises `WouldTrap` if it did not allow as many bytes."""
        self._check_open()
        allowed, self._permit = self._permit, 0
        if length > allowed:
            message = f"{length} bytes are written, but `check-write` allowed {allowed}"
            raise WouldTrap(f"{message}: call it before each write; WASI lets a component trap")

    def _put(self, data: bytes) -> None:
        self._check_open()
        try:
            self._sink.write(data)
        except BrokenPipeError as problem:
            self._closed = True
            raise abi.Err(StreamError_Closed()) from problem
        except OSError as problem:
            self._closed = True
            raise abi.Err(StreamError_LastOperationFailed(Error(str(problem)))) from problem


def _check_length(length: int, function: str) -> None:
    if length > _BLOCKING:
        raise WouldTrap(f"`{function}` accepts at most {_BLOCKING} bytes, not {length}; the component would trap")


class Errors:
    """The interface `wasi:io/error`."""

    Error = Error


class Streams:
    """The interface `wasi:io/streams`."""

    InputStream = InputStream
    OutputStream = OutputStream
