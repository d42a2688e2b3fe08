"""Check and convert primitive values: a guest's by the rules of componentize-py, a host's by those of
`witkit.runtime`.

Each function returns a value of exactly the Python type that the other side gets: an instance of a subclass becomes a
plain value, whatever it overrides. Raises `TypeError` or `ValueError`, whose messages do not name the value.
"""

from __future__ import annotations

from operator import index
from struct import error, pack, unpack
from typing import Any, Final, SupportsIndex

_RANGES: Final = {f"{sign}{bits}": (bits, sign) for sign in "us" for bits in (8, 16, 32, 64)}


def primitive(name: str, value: Any, *, strict: bool) -> Any:
    """A value of the WIT type `name`. `strict` is the guest's side, which accepts more for `bool` and `f32`."""
    if name == "bool":
        if not strict and type(value) is not bool:
            raise mismatch("bool", value)
        return bool(value)
    if name in _RANGES:
        return integer(name, value)
    if name in ("f32", "f64"):
        return _float(name, value, strict=strict)
    return _text(name, value)


def mismatch(wanted: str, value: Any) -> TypeError:
    """The exception for a value with another type."""
    return TypeError(f"must be {wanted}, not {type(value).__name__}")


def integer(name: str, value: Any) -> int:
    """An integer of the WIT type `name`. Both sides accept objects with `__index__`."""
    number = exact_int(value)
    bits, sign = _RANGES[name]
    low, high = (0, 1 << bits) if sign == "u" else (-1 << (bits - 1), 1 << (bits - 1))
    if not low <= number < high:
        raise ValueError(f"must be {name}, but {number} is out of its range")
    return number


def exact_int(value: Any) -> int:
    """The plain `int` of an integer, of any subclass, or of an object with `__index__`."""
    if not isinstance(value, SupportsIndex):
        raise mismatch("int", value)
    return int.__index__(index(value))


def _float(name: str, value: Any, *, strict: bool) -> float:
    """`struct` accepts what `PyFloat_AsDouble` accepts: floats, integers, objects with `__float__`."""
    try:
        number = float(unpack("<d", pack("<d", value))[0])
    except error:
        if isinstance(value, int):
            raise ValueError(f"must be {name}, but the number is out of its range") from None
        raise mismatch("float", value) from None
    if name == "f64":
        return number
    try:
        return float(unpack("<f", pack("<f", number))[0])
    except OverflowError:
        if not strict:
            raise ValueError(f"must be f32, but {number} is out of its range") from None
        return float("inf") if number > 0 else float("-inf")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise mismatch("str", value)
    text = str.__str__(value)
    if name == "char" and len(text) != 1:
        raise ValueError(f"must be one character, not {text!r}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"has characters that UTF-8 cannot encode: {text!r}") from None
    return text
