"""What generated codecs call for the values that need a look before the C library may see them."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable
from typing import Any, NoReturn

from witkit.runtime import capi

_MASKS_KEPT = 4096


def char(value: Any) -> int:
    """The code point of a one-character string; a surrogate would end the process inside the C library."""
    if not isinstance(value, str):
        raise TypeError("not a string")
    point = ord(value)
    if 0xD800 <= point <= 0xDFFF:
        raise ValueError("a surrogate is not a char")
    return point


def not_bool(value: Any) -> NoReturn:
    """Refuse what is not exactly `True` or `False`."""
    raise TypeError("not a bool")


def as_bytes(value: Any) -> bytes | bytearray:
    """The bytes of a bytes-like object; a list of integers is not one."""
    if isinstance(value, (bytes, bytearray)):
        return value
    if isinstance(value, memoryview):
        return value.tobytes()
    raise TypeError("not bytes")


def as_list(value: Any) -> list[Any] | tuple[Any, ...]:
    """A sequence whose elements can be read one by one: list, tuple or `array.array`."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, array):
        return value.tolist()
    raise TypeError("not a list")


def numbers(code: str, values: list[Any] | tuple[Any, ...]) -> array[Any]:
    """The numbers as an array, by way of `struct`: it refuses an f32 that is out of range, and is faster for many."""
    return array(code, struct.pack(f"={len(values)}{code}", *values))


def bools(values: Iterable[Any]) -> bytes:
    """One byte per bool."""
    return bytes([v if type(v) is bool else not_bool(v) for v in values])


def strings(count: int, at: int) -> list[str]:
    """The list of `count` strings whose values begin at address `at`."""
    memory = capi.MEMORY
    words = array("Q", memory[at - 1 : at - 1 + count * 32].tobytes())
    return [
        str(memory[start - 1 : start - 1 + length], "utf-8")
        for length, start in zip(words[1::4], words[2::4], strict=True)
    ]


class NamesOfMask(dict[int, tuple[int, int, bytes]]):
    """Flags on their way down: mask -> (count, address of the names, the memory behind it)."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = [capi.SIZE_AND_DATA.pack(*capi.name(n)) for n in names]

    def __missing__(self, mask: int) -> tuple[int, int, bytes]:
        if mask < 0 or mask >> len(self._names):
            raise ValueError("bits that no flag has")
        names = [n for i, n in enumerate(self._names) if mask >> i & 1]
        data = b"".join(names)
        made = (len(names), id(data) + capi.BYTES_HEADER, data)
        if len(self) < _MASKS_KEPT:
            self[mask] = made
        return made


class FlagsOfNames:
    """Flags on their way up: the names at an address -> the member of the flags class."""

    def __init__(self, cls: Any, names: tuple[str, ...]) -> None:
        self._cls = cls
        self._bits = {name.encode(): 1 << i for i, name in enumerate(names)}
        self._members: dict[int, Any] = {}

    def __call__(self, count: int, at: int) -> Any:
        mask, memory, unpack = 0, capi.MEMORY, capi.SIZE_AND_DATA.unpack_from
        for offset in range(at - 1, at - 1 + count * 16, 16):
            length, start = unpack(memory, offset)
            mask |= self._bits[bytes(memory[start - 1 : start - 1 + length])]
        found = self._members.get(mask)
        if found is None:
            found = self._cls(mask)
            if len(self._members) < _MASKS_KEPT:
                self._members[mask] = found
        return found
