"""`wasi:io/error` and `wasi:io/streams`: streams over any source or sink of bytes."""

from __future__ import annotations

from typing import Any, Final

from witkit import abi
from witkit.abi.traps import GuestTrap
from witkit.interfaces.wasi import network, types
from witkit.interfaces.wasi.streams import StreamError_Closed, StreamError_LastOperationFailed

from .poll import Pollable
from .resources import Resource
from .waits import FileDescriptorLike, Waits

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

PERMIT: Final = 1 << 20
"""The bytes that `check-write` allows, as in wasmtime."""

_BLOCKING: Final = 4096
"""The most bytes of a blocking write, by the interface."""


class Error(Resource):
    """Why an operation failed, with its code if it comes from a file or the network."""

    def __init__(
        self, message: str, file: types.ErrorCode | None = None, socket: network.ErrorCode | None = None
    ) -> None:
        super().__init__()
        self._message = message
        self.file, self.socket = file, socket

    def to_debug_string(self) -> str:
        return self._message


class StreamFailure(Exception):
    """A source or sink has failed, or is closed if there is no `error`."""

    def __init__(self, error: Error | None = None) -> None:
        super().__init__(error)
        self.error = error


class ByteSource:
    """A source of bytes that is always ready. `reading` is what can be waited for."""

    reading: FileDescriptorLike | None = None
    writing: FileDescriptorLike | None = None

    def ready(self) -> bool:
        """Whether `take` returns bytes, or the end, without waiting."""
        return True

    def take(self, length: int) -> bytes | None:
        """Up to `length` bytes, or None at the end. Raises `StreamFailure`, and is then at its end."""
        raise NotImplementedError

    def close(self) -> None:
        """The guest needs the source no more."""


class Sink:
    """A sink of bytes that takes everything at once. `writing` is what can be waited for if it does not."""

    reading: FileDescriptorLike | None = None
    writing: FileDescriptorLike | None = None

    def ready(self) -> bool:
        """Whether everything of before is written, so that more can come. Raises `StreamFailure`."""
        return True

    def write(self, data: bytes) -> None:
        """Take bytes. Raises `StreamFailure`, and is then closed."""
        raise NotImplementedError

    def close(self) -> None:
        """The guest needs the sink no more."""


class InputStream(Resource):
    """The resource `input-stream`."""

    def __init__(self, waits: Waits, source: ByteSource, parent: Resource | None = None) -> None:
        super().__init__(parent)
        self._waits, self._source = waits, source

    def read(self, length: int, /) -> bytes:
        if not self._source.ready():
            return b""
        try:
            data = self._source.take(length)
        except StreamFailure as failure:
            raise _seen(failure) from failure
        if data is None:
            raise abi.Err(StreamError_Closed())
        return data

    def blocking_read(self, length: int, /) -> bytes:
        wait_for(self._waits, self._source)
        return self.read(length)

    def skip(self, length: int, /) -> int:
        return len(self.read(min(length, PERMIT)))

    def blocking_skip(self, length: int, /) -> int:
        return len(self.blocking_read(min(length, PERMIT)))

    def subscribe(self) -> Pollable:
        return Ready(self._waits, self._source, self)

    def release(self) -> None:
        self._source.close()


class OutputStream(Resource):
    """The resource `output-stream`."""

    def __init__(self, waits: Waits, sink: Sink, most: int = PERMIT, parent: Resource | None = None) -> None:
        super().__init__(parent)
        self._waits, self._sink, self._most = waits, sink, most
        self._permit = 0
        self._closed = False

    def check_write(self) -> int:
        self._check_open()
        self._permit = self._most if self._is_ready() else 0
        return self._permit

    def write(self, contents: bytes, /) -> None:
        self._check_permit(len(contents))
        self._put(contents)

    def write_zeroes(self, length: int, /) -> None:
        self._check_permit(length)
        self._put(bytes(length))

    def blocking_write_and_flush(self, contents: bytes, /) -> None:
        _check_length(len(contents), "blocking-write-and-flush")
        self._put_at_last(contents)

    def blocking_write_zeroes_and_flush(self, length: int, /) -> None:
        _check_length(length, "blocking-write-zeroes-and-flush")
        self._put_at_last(bytes(length))

    def flush(self) -> None:
        self._check_open()

    def blocking_flush(self) -> None:
        self._check_open()
        self._block()

    def splice(self, source: Any, length: int, /) -> int:
        allowed = min(self.check_write(), length)
        if not allowed:
            return 0  # without reading the source, as in wasmtime
        data = source.read(allowed)
        self.write(data)
        return len(data)

    def blocking_splice(self, source: Any, length: int, /) -> int:
        if isinstance(source, InputStream):
            wait_for(self._waits, source._source)
        else:
            source.subscribe().block()  # a test's own stream
        self._block()
        return self.splice(source, length)

    def subscribe(self) -> Pollable:
        return Ready(self._waits, self._sink, self)

    def release(self) -> None:
        self._sink.close()

    def _check_open(self) -> None:
        if self._closed:
            raise abi.Err(StreamError_Closed())

    def _check_permit(self, length: int) -> None:
        """Each `check-write` permits one write. Raises `GuestTrap` if it did not allow as many bytes."""
        self._check_open()
        allowed, self._permit = self._permit, 0
        if length > allowed:
            message = f"{length} bytes are written, but `check-write` allowed {allowed}"
            raise GuestTrap(f"{message}: call it before each write; WASI lets a component trap")

    def _put_at_last(self, data: bytes) -> None:
        """Write when the sink is ready, and wait until it has written."""
        self._check_open()
        self._block()
        self._put(data)
        self._block()

    def _put(self, data: bytes) -> None:
        self._check_open()
        try:
            self._sink.write(data)
        except StreamFailure as failure:
            self._closed = True
            raise _seen(failure) from failure

    def _is_ready(self) -> bool:
        try:
            return self._sink.ready()
        except StreamFailure as failure:
            self._closed = True
            raise _seen(failure) from failure

    def _block(self) -> None:
        """Wait until the sink is ready."""
        while not self._is_ready():
            wait_for(self._waits, self._sink)


class Ready(Pollable):
    """A pollable for a source or a sink: anything that knows whether it is ready, and what to wait for."""

    def __init__(self, waits: Waits, end: ByteSource | Sink, parent: Resource | None = None) -> None:
        super().__init__(waits, parent)
        self._end = end

    def ready(self) -> bool:
        try:
            is_ready = self._end.ready()
        except StreamFailure:
            return True  # the next operation reports the failure
        self.reading, self.writing = self._end.reading, self._end.writing
        return is_ready


def wait_for(waits: Waits, end: ByteSource | Sink) -> None:
    """Wait until a source or a sink is ready, without a resource."""
    Ready(waits, end).block()


def _seen(failure: StreamFailure) -> abi.Err[Any]:
    """A failure as the guest sees it."""
    if failure.error is None:
        return abi.Err(StreamError_Closed())
    return abi.Err(StreamError_LastOperationFailed(failure.error))


def _check_length(length: int, function: str) -> None:
    if length > _BLOCKING:
        raise GuestTrap(f"`{function}` accepts at most {_BLOCKING} bytes, not {length}")


class Errors:
    """The interface `wasi:io/error`."""

    Error = Error


class Streams:
    """The interface `wasi:io/streams`."""

    InputStream = InputStream
    OutputStream = OutputStream
