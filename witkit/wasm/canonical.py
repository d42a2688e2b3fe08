"""Canonical definitions: lifted functions have a component type; all others are skipped."""

from __future__ import annotations

from typing import Final

from witkit.wasm.builtins import BUILT_INS
from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.scope import IndexSpaces
from witkit.wasm.types import Func

# Definitions that only a few engines know, by what follows their codes.
_RARE: Final = {0x07: "r", 0x08: "", 0x40: "y", 0x41: "yx", 0x42: ""}
_BUILT_INS: Final = {code: built_in.operands for code, built_in in BUILT_INS.items()} | _RARE
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
    if code not in _BUILT_INS:
        raise BadWasm(f"an unknown canonical built-in 0x{code:02x}", start)
    for operand in _BUILT_INS[code]:
        _skip(operand, cursor)


def _skip(operand: str, cursor: Cursor) -> None:
    match operand:
        case "b" | "c":
            cursor.byte()
        case "o":
            cursor.vector(lambda: _option(cursor))
        case "t":
            if cursor.byte() == 0:
                cursor.s33()
            else:
                cursor.byte()
        case _:
            cursor.u32()


def _option(cursor: Cursor) -> None:
    start, option = cursor.offset, cursor.byte()
    if option not in _OPTIONS:
        raise BadWasm(f"an unknown option 0x{option:02x} of a canonical definition", start)
    if option in _OPTIONS_WITH_INDEX:
        cursor.u32()
