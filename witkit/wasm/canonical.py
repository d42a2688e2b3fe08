"""Canonical definitions: lifted functions have a component type; all others are skipped."""

from __future__ import annotations

from typing import Final

from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.scope import IndexSpaces
from witkit.wasm.types import Func

# What follows the code of a built-in: an index or number (u), a byte (b), options (o), the type of a result (r).
_SHAPES: Final = {
    "": (0x05, 0x08, 0x0D, 0x1E, 0x1F, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28, 0x42),
    "b": (0x06, 0x0C, 0x29, 0x2A, 0x2B, 0x2C, 0x2D),
    "o": (0x1C, 0x1D),
    "u": (0x02, 0x03, 0x04, 0x07, 0x0E, 0x13, 0x14, 0x15, 0x1A, 0x1B, 0x40),
    "bu": (0x0A, 0x0B, 0x20, 0x21),
    "ro": (0x09,),
    "ub": (0x11, 0x12, 0x18, 0x19),
    "uo": (0x0F, 0x10, 0x16, 0x17),
    "uu": (0x27, 0x41),
}
_BUILTINS: Final = {code: shape for shape, codes in _SHAPES.items() for code in codes}
_OPTIONS_WITH_INDEX: Final = {3, 4, 5, 7, 8}
_OPTIONS: Final = {0, 1, 2, 6, 9} | _OPTIONS_WITH_INDEX


def read_canonical(scope: IndexSpaces, cursor: Cursor) -> None:
    """Add a lifted function to the scope. Core functions are not kept."""
    start, code = cursor.offset, cursor.byte()
    if code in (0, 1):
        if cursor.byte() != 0:
            raise BadWasm("an unknown canonical definition", start)
        cursor.u32()
        cursor.vector(lambda: _option(cursor))
        if code == 0:
            scope.add(scope.next_typed(Func, "function type", cursor))
        return
    if code not in _BUILTINS:
        raise BadWasm(f"an unknown canonical built-in 0x{code:02x}", start)
    for part in _BUILTINS[code]:
        _skip(part, cursor)


def _skip(part: str, cursor: Cursor) -> None:
    match part:
        case "u":
            cursor.u32()
        case "b":
            cursor.byte()
        case "o":
            cursor.vector(lambda: _option(cursor))
        case "r":
            if cursor.byte() == 0:
                cursor.s33()
            else:
                cursor.byte()


def _option(cursor: Cursor) -> None:
    start, option = cursor.offset, cursor.byte()
    if option not in _OPTIONS:
        raise BadWasm(f"an unknown option 0x{option:02x} of a canonical definition", start)
    if option in _OPTIONS_WITH_INDEX:
        cursor.u32()
