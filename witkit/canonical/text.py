"""Strings in UTF-16 and in Latin-1 or UTF-16 (`CanonicalABI.md`: load_string, store_string); UTF-8 is generated code.

`latin1+utf16` chooses for each string: the highest bit of its length says that it is UTF-16.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from witkit.canonical.code import Code
from witkit.canonical.contract import Memory
from witkit.canonical.layout import MAX_BYTES
from witkit.canonical.values import unaligned, whole

_TAG: Final = 1 << 31


def define_lift(code: Code, name: str, encoding: str, *, counted: bool) -> None:
    """Add a local function from pointer and length to a string. With `counted`, its bytes are taken from `B`."""
    lift = code.constant(_lift_utf16 if encoding == "utf16" else _lift_either)
    lines = [f"return {lift}(mem, p, n)"]
    if counted:
        size = "2 * n" if encoding == "utf16" else f"(n if n < {_TAG} else 2 * (n - {_TAG}))"
        lines = [
            "nonlocal B",
            f"if (B := B - {size}) < 0: whole(mem, p, {size}, 'string', (B := more(mem, B)))",
            *lines,
        ]
    code.define(name, "p, n", lines)


def define_lower(code: Code, name: str, encoding: str) -> None:
    """Add a local function from a string to pointer and length."""
    lower = code.constant(_lower_utf16 if encoding == "utf16" else _lower_either)
    code.define(name, "v", [f"return {lower}(mem, realloc, v)"])


def _lift_utf16(memory: Memory, pointer: int, units: int) -> str:
    return _read(memory, pointer, units * 2, "utf-16-le")


def _lift_either(memory: Memory, pointer: int, units: int) -> str:
    if units & _TAG:
        return _read(memory, pointer, (units ^ _TAG) * 2, "utf-16-le")
    return _read(memory, pointer, units, "latin-1")


def _read(memory: Memory, pointer: int, size: int, encoding: str) -> str:
    if pointer & 1:
        raise unaligned()
    view = memory.view
    if size > MAX_BYTES or pointer + size > memory.size:
        view = whole(memory, pointer, size, "string")
    return str(view[pointer : pointer + size], encoding)


def _lower_utf16(memory: Memory, realloc: Callable[[int, int], int], value: Any) -> tuple[int, int]:
    data = str.encode(value, "utf-16-le")
    return _written(memory, realloc, data), len(data) // 2


def _lower_either(memory: Memory, realloc: Callable[[int, int], int], value: Any) -> tuple[int, int]:
    try:
        data = str.encode(value, "latin-1")
        tag, units = 0, len(data)
    except UnicodeEncodeError:
        data = str.encode(value, "utf-16-le")
        tag, units = _TAG, len(data) // 2
    if units >= _TAG:
        raise ValueError("the string is too long for this encoding")
    return _written(memory, realloc, data), units | tag


def _written(memory: Memory, realloc: Callable[[int, int], int], data: bytes) -> int:
    size = len(data)
    pointer = realloc(2, size)
    memory.view[pointer : pointer + size] = data
    return pointer
