"""Streams and futures within one process: both ends share a queue that asyncio waits on.

Names, parameters and results are those of componentize-py's `componentize_py_async_support`. Written values are checked
as all other values. A reading end cannot be used after it was passed on. A handle that was written returns to the
writer only if nobody has read it.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from witkit import abi
from witkit.native.binding import ended
from witkit.native.errors import WouldTrap
from witkit.native.handles import Parcel
from witkit.native.values import Crossing, Ends
from witkit.text import values

T = TypeVar("T")


@values.value(frozen=True, slots=True)
class Stream(Ends):
    """The type `stream<element>` of the guest's bindings. `packed` means that it carries `bytes`."""

    element: abi.Type | None = None
    packed: bool = False

    @property
    def cls(self) -> type:
        return ByteStreamReader if self.packed else StreamReader


@values.value(frozen=True, slots=True)
class Future(Ends):
    """The type `future<element>` of the guest's bindings."""

    element: abi.Type | None = None

    @property
    def cls(self) -> type:
        return FutureReader


@dataclass(frozen=True, slots=True)
class _Item:
    """A value in a queue, and the handles in it."""

    value: Any
    parcels: list[Parcel]


class _Pipe:
    """The state that both ends share. A write ends when the reader has taken some of it, or is gone."""

    def __init__(self, element: abi.Type | None) -> None:
        self.element = element
        self.waiting: Any = None
        self.taken = 0
        self.writer_dropped = self.reader_dropped = False
        self.changed = asyncio.Event()

    async def wait(self) -> None:
        self.changed.clear()
        await self.changed.wait()

    def pack(self, value: Any) -> _Item:
        """Check and copy a value that is written, and give away the handles in it."""
        parcels: list[Parcel] = []

        def packed(handle: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Parcel:
            parcels.append(Parcel.packed(handle, source))
            return parcels[-1]

        try:
            return _Item(Crossing(True, packed).whole(value, self.element, self.element, "what is written"), parcels)
        except WouldTrap as trap:
            raise ended(trap) from trap.__cause__

    def unpack(self, item: _Item, to_host: bool | None) -> Any:
        """The value for the reader."""

        def unpacked(parcel: Parcel, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
            return parcel.unpacked(to_host=to_host)

        if not item.parcels:
            return item.value
        return Crossing(False, unpacked).whole(item.value, self.element, self.element, "what is read")

    async def read(self, count: int) -> Any:
        while self.waiting is None and not self.writer_dropped:
            await self.wait()
        if self.waiting is None:
            return None
        part, self.waiting, self.taken = self.waiting[:count], None, min(count, len(self.waiting))
        self.changed.set()
        return part

    async def write(self, source: Any) -> int:
        self.waiting, self.taken = source, 0
        self.changed.set()
        while self.waiting is not None and not self.reader_dropped:
            await self.wait()
        self.waiting = None
        return self.taken


class _End:
    def __init__(self, pipe: _Pipe | None) -> None:
        self._shared = pipe

    @property
    def _pipe(self) -> _Pipe:
        if self._shared is None:
            message = f"a {type(self).__name__} was used after it was passed on; the component would trap"
            raise ended(WouldTrap(message))
        return self._shared

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        self._close()
        return None

    def _close(self) -> None:
        raise NotImplementedError


class _Reader(_End):
    _to_host: bool | None = None

    def moved(self, *, to_host: bool) -> Self:
        """The same end for its new owner. This object cannot be used any more."""
        new = type(self)(self._pipe)
        new._to_host = to_host
        self._dropped.detach()
        self._shared = None
        return new

    @property
    def writer_dropped(self) -> bool:
        """Whether the other end is closed and everything was read."""
        return self._pipe.writer_dropped and self._pipe.waiting is None

    def __init__(self, pipe: _Pipe | None) -> None:
        super().__init__(pipe)
        self._dropped = _when_unreachable(self, _drop_reader, pipe)

    def _close(self) -> None:
        if self._shared is not None:
            self._dropped()


class _Writer(_End):
    def __init__(self, pipe: _Pipe) -> None:
        super().__init__(pipe)
        self._dropped = _when_unreachable(self, _drop_writer, pipe)

    @property
    def reader_dropped(self) -> bool:
        """Whether the other end is closed."""
        return self._pipe.reader_dropped

    def _close(self) -> None:
        self._dropped()


class ByteStreamReader(_Reader):
    """The reading end of a `stream<u8>`."""

    async def read(self, max_count: int) -> bytes:
        """Up to `max_count` bytes, or none once the writer is gone."""
        return await self._pipe.read(max_count) or b""


class ByteStreamWriter(_Writer):
    """The writing end of a `stream<u8>`."""

    async def write(self, source: bytes) -> int:
        """Write some of `source`, and return the number of bytes that the reader took."""
        if not isinstance(source, bytes):
            raise _no("bytes", source)
        return 0 if self.reader_dropped else await self._pipe.write(source)

    async def write_all(self, source: bytes) -> int:
        """Write all of `source`, or what the reader takes before it is gone."""
        total = 0
        while total < len(source) and not self.reader_dropped:
            total += await self.write(source[total:])
        return total


class StreamReader(_Reader, Generic[T]):
    """The reading end of a stream."""

    async def read(self, max_count: int) -> list[T]:
        """Up to `max_count` items, or none once the writer is gone."""
        items: list[_Item] = await self._pipe.read(max_count) or []
        return [cast(T, self._pipe.unpack(item, self._to_host)) for item in items]


class StreamWriter(_Writer, Generic[T]):
    """The writing end of a stream."""

    async def write(self, source: list[T]) -> int:
        """Write some of `source`, and return the number of items that the reader took."""
        if not isinstance(source, list):
            raise _no("a list", source)
        items = [self._pipe.pack(value) for value in source]
        return await _written(self._pipe, items)

    async def write_all(self, source: list[T]) -> int:
        """Write all of `source`, or what the reader takes before it is gone."""
        total = 0
        while total < len(source) and not self.reader_dropped:
            total += await self.write(source[total:])
        return total


class FutureReader(_Reader, Generic[T]):
    """The reading end of a future."""

    async def read(self) -> T:
        """The value, once it is written."""
        items: list[_Item] = await self._pipe.read(1)
        return cast(T, self._pipe.unpack(items[0], self._to_host))


class FutureWriter(_Writer, Generic[T]):
    """The writing end of a future. If it is closed or collected without a value, it writes its default."""

    def __init__(self, pipe: _Pipe, default: Callable[[], T]) -> None:
        super().__init__(pipe)
        self._dropped.detach()
        self._dropped = _when_unreachable(self, _write_default, pipe, default)
        self._written = False

    async def write(self, value: T) -> bool:
        """Write the value. Returns whether the reader took it. Raises AssertionError for a second write, as in wasm."""
        assert not self._written, "a future can be written only once"
        self._written = True
        self._dropped.detach()
        return await _written(self._pipe, [self._pipe.pack(value)]) == 1

    def _close(self) -> None:
        self._written = True
        super()._close()


def _when_unreachable(end: _End, do: Callable[..., None], *arguments: Any) -> weakref.finalize[..., Any]:
    """Runs once, when an end is closed or nothing refers to it any more, as in componentize-py."""
    finalizer = weakref.finalize(end, do, *arguments)
    finalizer.atexit = False
    return finalizer


def _drop_reader(pipe: _Pipe) -> None:
    pipe.reader_dropped = True
    pipe.changed.set()


def _drop_writer(pipe: _Pipe) -> None:
    pipe.writer_dropped = True
    pipe.changed.set()


def _write_default(pipe: _Pipe, default: Callable[[], Any]) -> None:
    pipe.waiting = [pipe.pack(default())]
    _drop_writer(pipe)


def _no(wanted: str, source: Any) -> WouldTrap:
    return ended(WouldTrap(f"what is written must be {wanted}, not {type(source).__name__}; the component would trap"))


async def _written(pipe: _Pipe, items: list[_Item]) -> int:
    """The number of items that the reader took. Handles in the others return to the writer."""
    taken = 0
    try:
        taken = 0 if pipe.reader_dropped else await pipe.write(items)
    finally:
        for item in items[taken:]:
            for parcel in item.parcels:
                parcel.restore()
    return taken


def stream(type_: Stream) -> Any:
    """The two ends of a new stream, the writing end first."""
    pipe = _Pipe(type_.element)
    if type_.packed:
        return ByteStreamWriter(pipe), ByteStreamReader(pipe)
    return StreamWriter[Any](pipe), StreamReader[Any](pipe)


def future(type_: Future, default: Callable[[], T]) -> tuple[FutureWriter[T], FutureReader[T]]:
    """The two ends of a new future, the writing end first."""
    pipe = _Pipe(type_.element)
    return FutureWriter(pipe, default), FutureReader(pipe)
