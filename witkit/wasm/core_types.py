"""Read core types: those of functions and modules (core specification, 5.3 and `Binary.md`, Core Definitions)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from witkit.wasm.core import LETTERS, CoreSort, CoreType, func_type
from witkit.wasm.cursor import BadWasm, Cursor, NotSupported
from witkit.wasm.types import CoreDefinition, Module

_REFERENCES: Final = (0x63, 0x64)
_FIRST_SHORT = 0x68
_NUMBERS: Final = bytes(LETTERS)
_TO_LETTERS: Final = bytes(ord(LETTERS.get(code, "?")) for code in range(256))
_PAGES = 65536
_HAS_MOST, _IS_SHARED, _IS_64, _HAS_PAGE_SIZE = 1, 2, 4, 8


def read_value_type(cursor: Cursor) -> str:
    """The letter of a value type; `?` for vectors and references."""
    start, code = cursor.offset, cursor.byte()
    if code in _REFERENCES:
        cursor.s33()
    elif not _FIRST_SHORT <= code < 0x80:
        raise BadWasm(f"an unknown core type 0x{code:02x}", start)
    return LETTERS.get(code, "?")


def read_recursive_types(cursor: Cursor) -> list[str | None]:
    """The signatures of a group of types; None for those that are not functions."""
    if cursor.data[cursor.at : cursor.at + 1] == b"\x4e":
        cursor.byte()
        return cursor.vector(lambda: _subtype(cursor))
    return [_subtype(cursor)]


def _subtype(cursor: Cursor) -> str | None:
    start, code = cursor.offset, cursor.byte()
    if code in (0x4F, 0x50):
        cursor.vector(cursor.u32)
        start, code = cursor.offset, cursor.byte()
    if code == 0x60:
        return f"{_letters(cursor)}:{_letters(cursor)}"
    if code == 0x5F:
        cursor.vector(lambda: _field(cursor))
    elif code == 0x5E:
        _field(cursor)
    elif code == 0x5D:
        raise NotSupported("continuations (the proposal of stack switching)", start)
    else:
        raise BadWasm(f"an unknown core type 0x{code:02x}", start)
    return None


def _letters(cursor: Cursor) -> str:
    """The letters of several value types."""
    start = cursor.at
    count = cursor.u32()
    codes = cursor.data[cursor.at : cursor.at + count]
    if len(codes) == count and not codes.translate(None, _NUMBERS):
        cursor.at += count
        return codes.translate(_TO_LETTERS).decode()
    cursor.at = start
    return "".join(cursor.vector(lambda: read_value_type(cursor)))


def _field(cursor: Cursor) -> None:
    """A field of a structure or array: a type, which may be packed, and whether it can change."""
    if cursor.data[cursor.at : cursor.at + 1] in (b"\x77", b"\x78"):
        cursor.byte()
    else:
        read_value_type(cursor)
    cursor.byte()


def read_core_type(cursor: Cursor, outer: Callable[[int, int, int], CoreDefinition]) -> list[CoreDefinition]:
    """The definitions that one item of a core type section adds. `outer(count, index, offset)` finds those outside."""
    code = cursor.data[cursor.at : cursor.at + 1]
    if code == b"\x50":
        cursor.byte()
        return [_module(cursor, outer)]
    if code == b"\x00":
        cursor.byte()
    return list(read_recursive_types(cursor))


def _module(cursor: Cursor, outer: Callable[[int, int, int], CoreDefinition]) -> Module:
    types: list[CoreDefinition] = []
    imports: dict[tuple[str, str], CoreType] = {}
    exports: dict[str, CoreType] = {}
    for _ in range(cursor.u32()):
        start, code = cursor.offset, cursor.byte()
        match code:
            case 0:
                add_import(imports, (cursor.name(), cursor.name()), read_description(cursor, types), start)
            case 1:
                types += read_recursive_types(cursor)
            case 2:
                types.append(_alias(cursor, outer))
            case 3:
                add_export(exports, cursor.name(), read_description(cursor, types), start)
            case _:
                raise BadWasm(f"an unknown declaration 0x{code:02x} of a core module's type", start)
    return Module(imports, exports)


def _alias(cursor: Cursor, outer: Callable[[int, int, int], CoreDefinition]) -> CoreDefinition:
    start = cursor.offset
    if (cursor.byte(), cursor.byte()) != (0x10, 1):
        raise BadWasm("an alias in a core module's type that is not of an outer type", start)
    count, index = cursor.u32(), cursor.u32()
    if not count:
        raise BadWasm("an alias of a type in the same core module's type", start)
    return outer(count - 1, index, start)


def add_import(into: dict[tuple[str, str], CoreType], name: tuple[str, str], type_: CoreType, offset: int) -> None:
    if name in into:
        raise BadWasm(f"the core import `{name[0]}` `{name[1]}` is declared twice", offset)
    into[name] = type_


def add_export(into: dict[str, CoreType], name: str, type_: CoreType, offset: int) -> None:
    if name in into:
        raise BadWasm(f"the core export `{name}` is declared twice", offset)
    into[name] = type_


def read_description(cursor: Cursor, types: list[CoreDefinition]) -> CoreType:
    """The type of an import or export of a core module."""
    start, code = cursor.offset, cursor.byte()
    match code:
        case 0:
            return func_type(read_signature(cursor, types))
        case 1:
            return read_table(cursor)
        case 2:
            return read_memory(cursor)
        case 3:
            return read_global(cursor)
        case 4:
            return read_tag(cursor, types)
    raise BadWasm(f"an unknown core sort 0x{code:02x}", start)


def read_signature(cursor: Cursor, types: list[CoreDefinition]) -> str:
    offset, index = cursor.offset, cursor.u32()
    if index >= len(types):
        raise BadWasm(f"there is no core type {index}", offset)
    signature = types[index]
    if not isinstance(signature, str):
        raise BadWasm(f"the core type {index} is not that of a function", offset)
    return signature


def read_table(cursor: Cursor) -> CoreType:
    element = cursor.data[cursor.at : cursor.at + 1]
    read_value_type(cursor)
    least, most, _ = _limits(cursor)
    return CoreType(CoreSort.TABLE, {b"\x70": "func", b"\x6f": "extern"}.get(element, "?"), least, most)


def read_memory(cursor: Cursor) -> CoreType:
    start = cursor.offset
    least, most, flags = _limits(cursor)
    is_64 = bool(flags & _IS_64)
    if not flags & _HAS_PAGE_SIZE and max(least, most or 0) > (_PAGES << (32 if is_64 else 0)):
        raise BadWasm("a memory with more pages than its addresses can reach", start)
    return CoreType(CoreSort.MEMORY, _features(flags), least, most)


def _features(flags: int) -> str:
    named = {_IS_SHARED: "shared", _IS_64: "64", _HAS_PAGE_SIZE: "?"}
    return " ".join(name for flag, name in named.items() if flags & flag)


def _limits(cursor: Cursor) -> tuple[int, int | None, int]:
    """The least and most size, and the flags."""
    start, flags = cursor.offset, cursor.byte()
    if flags > 0x0F:
        raise BadWasm(f"unknown flags 0x{flags:02x} of limits", start)
    number = cursor.u64 if flags & _IS_64 else cursor.u32
    least = number()
    most = number() if flags & _HAS_MOST else None
    if flags & _HAS_PAGE_SIZE:
        cursor.u32()
    if most is not None and most < least:
        raise BadWasm("the least size of a memory or table is larger than the most", start)
    return least, most, flags


def read_global(cursor: Cursor) -> CoreType:
    letter = read_value_type(cursor)
    start, mutable = cursor.offset, cursor.byte()
    if mutable > 1:
        raise BadWasm(f"a global begins with 0x{mutable:02x}", start)
    return _global_type(f"mut {letter}" if mutable else letter)


@lru_cache(maxsize=16)
def _global_type(text: str) -> CoreType:
    return CoreType(CoreSort.GLOBAL, text)


def read_tag(cursor: Cursor, types: list[CoreDefinition]) -> CoreType:
    start, attribute = cursor.offset, cursor.byte()
    if attribute:
        raise BadWasm(f"an unknown attribute 0x{attribute:02x} of a tag", start)
    return CoreType(CoreSort.TAG, read_signature(cursor, types))
