"""What generated code calls for values that need a look, in either direction."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from operator import index
from typing import Any, Final, NoReturn

from witkit.canonical.contract import Memory
from witkit.canonical.errors import Violation
from witkit.canonical.layout import MAX_BYTES, SIZE

_MASKS_KEPT: Final = 4096
_PACKED: Final = 1024
"""How many numbers are packed by one call."""

_SORTS: Final = {
    **dict.fromkeys("bhilq", "signed"), **dict.fromkeys("BHILQ", "unsigned"), **dict.fromkeys("fd", "float"),
}  # fmt: skip
"""What the formats of buffers hold; their sizes depend on the machine."""


# ---- lifting ------------------------------------------------------------------------------------


def whole(memory: Memory, pointer: int, size: int, what: str, left: int = 0) -> memoryview:
    """The view of a memory that has the string or list in question. Raises Violation if the memory does not, or if the
    call has passed too much, so that less than nothing is `left`."""
    if size > MAX_BYTES:
        raise Violation(f"{what} of {size} bytes is too long, at most {MAX_BYTES} bytes are allowed")
    try:
        view = memory.span(pointer, size)
    except Violation:
        raise Violation(f"{what} pointer/length out of bounds of memory") from None
    if left < 0:
        raise Violation("too much data in one call: its lists and strings share bytes, or are too many")
    return view


def unaligned() -> Violation:
    """The violation of a pointer that is not a multiple of its type's alignment."""
    return Violation("unaligned pointer")


def more(memory: Memory, left: int) -> int:
    """How much a call may still pass, now that the memory may have grown."""
    return min(left + memory.grown(), MAX_BYTES)


def array_of(format: str, data: memoryview) -> array[Any]:
    """The numbers of one format in a view, as an array."""
    made = array(format)
    made.frombytes(data)
    if sys.byteorder == "big":
        made.byteswap()
    return made


def char(code: int) -> str:
    """The character of a code point."""
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise Violation(f"invalid `char` bit pattern {code:#x}")
    return chr(code)


def bad_case(number: int) -> NoReturn:
    """Refuse a discriminant that no case has."""
    raise Violation(f"invalid variant discriminant {number}")


def not_lifted(error: Exception) -> Violation:
    """The violation behind an error of generated code: text that does not decode, a table with too few cases."""
    if isinstance(error, UnicodeDecodeError):
        if error.encoding.startswith("utf-32"):
            return Violation("invalid `char` bit pattern")
        unfinished = error.reason in ("unexpected end of data", "truncated data")
        name = error.encoding.removesuffix("-le")
        return Violation(f"incomplete {name} byte sequence" if unfinished else f"invalid {name} in a string")
    return Violation("invalid variant discriminant")


class Masks(dict[int, Any]):
    """The members of a flags class by their numbers; they are made when they are first seen."""

    def __init__(self, cls: Any) -> None:
        super().__init__()
        self._cls = cls

    def __missing__(self, mask: int) -> Any:
        made = self._cls(mask)
        if len(self) < _MASKS_KEPT:
            self[mask] = made
        return made


# ---- lowering -----------------------------------------------------------------------------------


def code_point(value: Any) -> int:
    """The code point of a one-character string that is not a surrogate."""
    if not isinstance(value, str):
        raise TypeError("not a string")
    point = ord(value)
    if 0xD800 <= point <= 0xDFFF:
        raise ValueError("a surrogate is not a char")
    return point


def not_bool(value: Any) -> NoReturn:
    """Refuse what is not exactly `True` or `False`."""
    raise TypeError("not a bool")


def signed(value: Any, bits: int) -> int:
    """The integer, which must be in the range of a signed type."""
    number = index(value)
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        raise OverflowError(f"{number} is out of range")
    return number


def as_bytes(value: Any) -> bytes | memoryview:
    """The bytes of any object that has a buffer: its own memory, without a copy, if that is contiguous."""
    view = memoryview(value)
    return view.cast("B") if view.c_contiguous and view.nbytes else view.tobytes()


def as_list(value: Any) -> list[Any] | tuple[Any, ...]:
    """A sequence whose elements can be read one by one: list, tuple or `array.array`."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, array):
        return value.tolist()
    raise TypeError("not a list")


def numbers(code: str, values: Any) -> bytes | memoryview:
    """The bytes of numbers: of a list or tuple one by one, of a buffer in that format as they are.

    `struct` refuses what is out of range, an f32 that would become infinite, too.
    """
    if isinstance(values, (list, tuple)):
        return _packed(code, values) if len(values) <= _PACKED else b"".join(_chunks(code, values))
    if has_format(values, code):
        return as_bytes(values)
    return _packed(code, as_list(values))


def _packed(code: str, values: list[Any] | tuple[Any, ...]) -> bytes:
    return struct.pack(f"<{len(values)}{code}", *values)


def _chunks(code: str, values: list[Any] | tuple[Any, ...]) -> Iterator[bytes]:
    """The bytes of many numbers: a call with 100,000 arguments takes twice as long as a hundred of 1,000."""
    return (_packed(code, values[at : at + _PACKED]) for at in range(0, len(values), _PACKED))


def pairs(pointers: list[int] | None, blobs: list[bytes]) -> bytes:
    """Pointers and lengths in turn, as they lie in a list of strings. Without pointers, there are zeros for them."""
    words = array("I", bytes(8 * len(blobs)))
    if pointers is not None:
        words[::2] = array("I", pointers)
    words[1::2] = array("I", list(map(len, blobs)))
    if sys.byteorder == "big":
        words.byteswap()
    return words.tobytes()


def has_format(values: Any, code: str) -> bool:
    """Whether an object is a one-dimensional buffer of numbers of a type, which is given as its code in `array`."""
    try:
        view = memoryview(values)
    except TypeError:
        return False
    sort = _SORTS.get(view.format.lstrip("<@="))
    return sort is not None and view.ndim == 1 and sort == _SORTS.get(code) and view.itemsize == SIZE[code]


def patched(data: bytes, pointers: list[int], places: tuple[int, ...], step: int) -> bytearray:
    """Elements of `step` words each, whose words at `places` become the pointers in turn."""
    made = bytearray(data)
    words = memoryview(made).cast("I")
    for i, place in enumerate(places):
        words[place::step] = array("I", pointers[i :: len(places)])
    return made


def check_dict(value: Any) -> None:
    """Refuse what is not a dictionary."""
    if not isinstance(value, dict):
        raise TypeError("not a dict")
