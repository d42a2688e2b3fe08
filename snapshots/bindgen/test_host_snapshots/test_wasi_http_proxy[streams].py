# Source: wasi:io/streams@0.2.8

"""The imported interface `wasi:io/streams@0.2.8`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from witkit import abi

from . import error, poll
from .error import Error
from .poll import Pollable

__all__ = [
    "INTERFACE",
    "Error",
    "InputStream",
    "OutputStream",
    "Pollable",
    "StreamError",
    "StreamError_Closed",
    "StreamError_LastOperationFailed",
    "Streams",
]


@dataclass(slots=True)
class StreamError_LastOperationFailed:
    """The case `last-operation-failed` of `stream-error`."""

    value: Error


@dataclass(slots=True)
class StreamError_Closed:
    """The case `closed` of `stream-error`."""


StreamError: TypeAlias = StreamError_LastOperationFailed | StreamError_Closed
"""The variant `stream-error`."""


class InputStream(Protocol):
    """The resource `input-stream`."""

    def read(self, len: int, /) -> bytes:
        """The method `read` of `input-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def blocking_read(self, len: int, /) -> bytes:
        """The method `blocking-read` of `input-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def skip(self, len: int, /) -> int:
        """The method `skip` of `input-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def blocking_skip(self, len: int, /) -> int:
        """The method `blocking-skip` of `input-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def subscribe(self) -> Pollable:
        """The method `subscribe` of `input-stream`."""
        ...


class OutputStream(Protocol):
    """The resource `output-stream`."""

    def check_write(self) -> int:
        """The method `check-write` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def write(self, contents: bytes, /) -> None:
        """The method `write` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def blocking_write_and_flush(self, contents: bytes, /) -> None:
        """The method `blocking-write-and-flush` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def flush(self) -> None:
        """The method `flush` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def blocking_flush(self) -> None:
        """The method `blocking-flush` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def subscribe(self) -> Pollable:
        """The method `subscribe` of `output-stream`."""
        ...

    def write_zeroes(self, len: int, /) -> None:
        """The method `write-zeroes` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def blocking_write_zeroes_and_flush(self, len: int, /) -> None:
        """The method `blocking-write-zeroes-and-flush` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def splice(self, src: InputStream, len: int, /) -> int:
        """The method `splice` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...

    def blocking_splice(self, src: InputStream, len: int, /) -> int:
        """The method `blocking-splice` of `output-stream`.

        Raises:
            Err: with a value of type `StreamError`.
        """
        ...


class Streams(Protocol):
    """The interface `wasi:io/streams@0.2.8`."""

    @property
    def InputStream(self) -> type[InputStream]:
        """The class that implements the resource `input-stream`."""
        ...

    @property
    def OutputStream(self) -> type[OutputStream]:
        """The class that implements the resource `output-stream`."""
        ...


# What the runtime knows of these types and functions.
STREAM_ERROR_TYPE = abi.Variant(
    "stream-error",
    (
        abi.Case(
            "last-operation-failed",
            StreamError_LastOperationFailed,
            abi.Own(error.ERROR_TYPE),
        ),
        abi.Case("closed", StreamError_Closed),
    ),
)
INPUT_STREAM_TYPE = abi.Resource("input-stream", "InputStream")
OUTPUT_STREAM_TYPE = abi.Resource("output-stream", "OutputStream")
INTERFACE = abi.Interface(
    "wasi:io/streams@0.2.8",
    functions=(
        abi.Func(
            "[method]input-stream.read",
            "read",
            (abi.Param("len", abi.U64),),
            abi.Result(abi.List(abi.U8), STREAM_ERROR_TYPE),
            kind="method",
            resource=INPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]input-stream.blocking-read",
            "blocking_read",
            (abi.Param("len", abi.U64),),
            abi.Result(abi.List(abi.U8), STREAM_ERROR_TYPE),
            kind="method",
            resource=INPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]input-stream.skip",
            "skip",
            (abi.Param("len", abi.U64),),
            abi.Result(abi.U64, STREAM_ERROR_TYPE),
            kind="method",
            resource=INPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]input-stream.blocking-skip",
            "blocking_skip",
            (abi.Param("len", abi.U64),),
            abi.Result(abi.U64, STREAM_ERROR_TYPE),
            kind="method",
            resource=INPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]input-stream.subscribe",
            "subscribe",
            (),
            abi.Own(poll.POLLABLE_TYPE),
            kind="method",
            resource=INPUT_STREAM_TYPE,
        ),
        abi.Func(
            "[method]output-stream.check-write",
            "check_write",
            (),
            abi.Result(abi.U64, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.write",
            "write",
            (abi.Param("contents", abi.List(abi.U8)),),
            abi.Result(None, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.blocking-write-and-flush",
            "blocking_write_and_flush",
            (abi.Param("contents", abi.List(abi.U8)),),
            abi.Result(None, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.flush",
            "flush",
            (),
            abi.Result(None, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.blocking-flush",
            "blocking_flush",
            (),
            abi.Result(None, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.subscribe",
            "subscribe",
            (),
            abi.Own(poll.POLLABLE_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
        ),
        abi.Func(
            "[method]output-stream.write-zeroes",
            "write_zeroes",
            (abi.Param("len", abi.U64),),
            abi.Result(None, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.blocking-write-zeroes-and-flush",
            "blocking_write_zeroes_and_flush",
            (abi.Param("len", abi.U64),),
            abi.Result(None, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.splice",
            "splice",
            (
                abi.Param("src", abi.Borrow(INPUT_STREAM_TYPE)),
                abi.Param("len", abi.U64),
            ),
            abi.Result(abi.U64, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]output-stream.blocking-splice",
            "blocking_splice",
            (
                abi.Param("src", abi.Borrow(INPUT_STREAM_TYPE)),
                abi.Param("len", abi.U64),
            ),
            abi.Result(abi.U64, STREAM_ERROR_TYPE),
            kind="method",
            resource=OUTPUT_STREAM_TYPE,
            raises=True,
        ),
    ),
    resources=(INPUT_STREAM_TYPE, OUTPUT_STREAM_TYPE),
)
