"""Read the bytes of one section: integers, names and vectors, all with bounds checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from witkit.text import Error

_T = TypeVar("_T")
_U32_BYTES, _U64_BYTES = 5, 10


class BadWasm(Error, ValueError):
    """A binary is malformed or not supported. Has the reason, and the offset in the file."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(f"{message} (at byte {offset})")
        self.message, self.offset = message, offset


class NotSupported(BadWasm):
    """A binary uses a feature that witkit does not have."""


class TooMuch(BadWasm):
    """A binary is beyond what witkit reads: few bytes may stand for much."""


class Cursor:
    """A position in `data`, which begins at `base` in its file. Reading moves it, and raises BadWasm."""

    def __init__(self, data: bytes, base: int = 0) -> None:
        self.data, self.base, self.at = data, base, 0

    @property
    def offset(self) -> int:
        """The offset in the file."""
        return self.base + self.at

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self.data)

    def fail(self, message: str, offset: int | None = None) -> BadWasm:
        return BadWasm(message, self.offset if offset is None else offset)

    def byte(self) -> int:
        at = self.at
        if at >= len(self.data):
            raise self.fail("the file ends in the middle of a section, or a section in the middle of an item")
        self.at = at + 1
        return self.data[at]

    def u32(self) -> int:
        """An unsigned LEB128 integer of 32 bits."""
        at = self.at
        # Nearly all integers are one byte: large components have tens of thousands of them.
        if at < len(self.data) and (value := self.data[at]) < 0x80:
            self.at = at + 1
            return value
        start = self.offset
        value, _ = self._leb128()
        if value >> 32:
            raise self.fail("an integer is longer than 32 bits", start)
        return value

    def s33(self) -> int:
        """A signed LEB128 integer of 33 bits: an index, or the code of a type if it is negative."""
        start = self.offset
        value, bits = self._leb128()
        value -= (value >> (bits - 1)) << bits
        if not -(1 << 32) <= value < 1 << 32:
            raise self.fail("an integer is longer than 33 bits", start)
        return value

    def u64(self) -> int:
        """An unsigned LEB128 integer of 64 bits."""
        start = self.offset
        value, _ = self._leb128(_U64_BYTES)
        if value >> 64:
            raise self.fail("an integer is longer than 64 bits", start)
        return value

    def _leb128(self, most: int = _U32_BYTES) -> tuple[int, int]:
        """The bits of an integer of at most `most` bytes, and their number."""
        start, value = self.offset, 0
        for shift in range(0, 7 * most, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, shift + 7
        raise self.fail(f"an integer takes more than {most} bytes", start)

    def name(self) -> str:
        """A string: its length in bytes, then UTF-8."""
        size, start = self.u32(), self.at
        end = start + size
        if end > len(self.data):
            raise self.fail(f"a name of {size} bytes is longer than what is left")
        self.at = end
        try:
            return self.data[start:end].decode()
        except UnicodeDecodeError as e:
            raise self.fail("a name is not UTF-8", self.base + start + e.start) from e

    def vector(self, read: Callable[[], _T]) -> list[_T]:
        """A count, then as many items, each of which has at least one byte."""
        start, count = self.offset, self.u32()
        if count > len(self.data) - self.at:
            raise self.fail(f"a list of {count} items is longer than what is left", start)
        return [read() for _ in range(count)]

    def optional(self, read: Callable[[], _T]) -> _T | None:
        """An optional item: 0, or 1 and the item."""
        start, flag = self.offset, self.byte()
        if flag > 1:
            raise self.fail(f"byte 0x{flag:02x} instead of 0 or 1", start)
        return read() if flag else None

    def skip(self, size: int) -> None:
        if size > len(self.data) - self.at:
            raise self.fail("a section ends in the middle of an item")
        self.at += size

    def skip_integer(self) -> None:
        """Skip an integer of up to 64 bits, whatever its sign."""
        self._leb128(_U64_BYTES)

    def rest(self) -> bytes:
        start, self.at = self.at, len(self.data)
        return self.data[start:]
