"""Read what a core module imports and exports. Its code is left to the engine that compiles it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Final

from witkit.wasm.budget import Budget
from witkit.wasm.core import CoreSort, CoreType, Sizes, Space, func_type
from witkit.wasm.core_types import (
    add_export,
    add_import,
    read_description,
    read_global,
    read_memory,
    read_recursive_types,
    read_table,
    read_tag,
)
from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.sections import is_component, sections
from witkit.wasm.types import CoreDefinition, Module

_TYPE, _IMPORT, _FUNCTION, _TABLE, _MEMORY, _GLOBAL, _EXPORT, _START, _TAG = 1, 2, 3, 4, 5, 6, 7, 8, 13
_READ: Final = {_TYPE, _IMPORT, _FUNCTION, _TABLE, _MEMORY, _GLOBAL, _EXPORT, _TAG}
_NUMBER: Final = re.compile(rb"[\x80-\xff]{0,4}[\x00-\x7f]")
_BYTES_A_STEP = 16

# Instructions of constant expressions and the sizes of what follows their codes, `leb` for an integer.
_CONSTANTS: Final[dict[int, tuple[int | str, ...]]] = {
    0x23: ("leb",), 0x41: ("leb",), 0x42: ("leb",), 0x43: (4,), 0x44: (8,), 0xD0: ("leb",), 0xD2: ("leb",),
    0x6A: (), 0x6B: (), 0x6C: (), 0x7C: (), 0x7D: (), 0x7E: (),
}  # fmt: skip
_PREFIXED: Final[dict[tuple[int, int], tuple[int | str, ...]]] = {
    (0xFB, 0): ("leb",), (0xFB, 1): ("leb",), (0xFB, 6): ("leb",), (0xFB, 7): ("leb",), (0xFB, 8): ("leb", "leb"),
    (0xFB, 26): (), (0xFB, 27): (), (0xFB, 28): (), (0xFD, 12): (16,),
}  # fmt: skip
_END = 0x0B


@dataclass(slots=True)
class _Module:
    """The index spaces of a core module. `defined` are indices of the types of its own functions."""

    types: list[CoreDefinition] = field(default_factory=list)
    items: dict[CoreSort, list[CoreType]] = field(default_factory=lambda: {sort: [] for sort in CoreSort})
    defined: list[bytes] = field(default_factory=list)
    imports: dict[tuple[str, str], CoreType] = field(default_factory=dict)
    exports: dict[str, CoreType] = field(default_factory=dict)
    starts: bool = False

    def space(self) -> Space:
        """What an instance takes up."""
        # Only values of these types, and exceptions, are on the heap.
        has_heap = bool(self.items[CoreSort.TAG]) or any(not isinstance(type_, str) for type_ in self.types)
        return Space(self._own(CoreSort.MEMORY), self._own(CoreSort.TABLE), has_heap, self.starts)

    def _own(self, sort: CoreSort) -> tuple[Sizes, ...]:
        """The sizes of what is defined here; in an index space, imports come first."""
        imported = sum(type_.sort is sort for type_ in self.imports.values())
        return tuple((type_.least, type_.most) for type_ in self.items[sort][imported:])


def read_module(file: BytesIO, start: int, end: int, budget: Budget) -> Module:
    """The imports and exports of the core module between two offsets. Raises BadWasm."""
    if is_component(file, start):
        raise BadWasm("a component instead of a core module", start)
    module = _Module()
    for section in sections(file, start, end):
        budget.spend(1, section.start)
        module.starts |= section.id == _START
        if section.id in _READ:
            budget.spend(section.size // _BYTES_A_STEP, section.start)
            _section(module, section.id, section.cursor(file))
    return Module(module.imports, module.exports, module.space())


def _section(module: _Module, id: int, cursor: Cursor) -> None:
    if id == _FUNCTION:
        count = cursor.u32()
        module.defined = _NUMBER.findall(cursor.rest())
        if len(module.defined) != count:
            raise cursor.fail("a section does not have as many functions as it says")
        return
    if id == _EXPORT:
        _exports(module, cursor)
    else:
        read = {
            _TYPE: _type, _IMPORT: _import, _TABLE: _table, _MEMORY: _memory, _GLOBAL: _global, _TAG: _tag
        }[id]  # fmt: skip
        cursor.vector(partial(read, module, cursor))
    if not cursor.is_at_end:
        raise cursor.fail("a section has more bytes than its items")


def _type(module: _Module, cursor: Cursor) -> None:
    module.types += read_recursive_types(cursor)


def _import(module: _Module, cursor: Cursor) -> None:
    start = cursor.offset
    name = cursor.name(), cursor.name()
    type_ = read_description(cursor, module.types)
    add_import(module.imports, name, type_, start)
    module.items[type_.sort].append(type_)


def _table(module: _Module, cursor: Cursor) -> None:
    has_start = cursor.data[cursor.at : cursor.at + 1] == b"\x40"
    if has_start:
        cursor.byte()
        cursor.byte()
    module.items[CoreSort.TABLE].append(read_table(cursor))
    if has_start:
        _skip_constant(cursor)


def _memory(module: _Module, cursor: Cursor) -> None:
    module.items[CoreSort.MEMORY].append(read_memory(cursor))


def _global(module: _Module, cursor: Cursor) -> None:
    module.items[CoreSort.GLOBAL].append(read_global(cursor))
    _skip_constant(cursor)


def _tag(module: _Module, cursor: Cursor) -> None:
    module.items[CoreSort.TAG].append(read_tag(cursor, module.types))


def _exports(module: _Module, cursor: Cursor) -> None:
    """Most of the work that linking has with a core module."""
    name_of, byte, u32, spaces = cursor.name, cursor.byte, cursor.u32, list(module.items.values())
    for _ in range(u32()):
        start, name, sort, index = cursor.at, name_of(), byte(), u32()
        start += cursor.base
        if sort >= len(spaces):
            raise BadWasm(f"an export of the unknown core sort 0x{sort:02x}", start)
        items = spaces[sort]
        if index < len(items):
            type_ = items[index]
        elif sort == CoreSort.FUNC and index - len(items) < len(module.defined):
            type_ = _func(module, Cursor(module.defined[index - len(items)]).u32(), start)
        else:
            raise BadWasm(f"the core export `{name}` has the index {index}, which does not exist", start)
        add_export(module.exports, name, type_, start)


def _func(module: _Module, index: int, offset: int) -> CoreType:
    signature = module.types[index] if index < len(module.types) else None
    if not isinstance(signature, str):
        raise BadWasm(f"the core type {index} is not that of a function", offset)
    return func_type(signature)


def _skip_constant(cursor: Cursor) -> None:
    """Skip an expression that sets a global or fills a table."""
    while (code := cursor.byte()) != _END:
        start = cursor.offset - 1
        parts = _CONSTANTS.get(code)
        if parts is None and code in (0xFB, 0xFD):
            parts = _PREFIXED.get((code, cursor.u32()))
        if parts is None:
            raise BadWasm(f"an instruction 0x{code:02x} that is not constant", start)
        for part in parts:
            if isinstance(part, int):
                cursor.skip(part)
            else:
                cursor.skip_integer()
