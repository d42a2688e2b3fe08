"""Aliases of the exports of instances and of items of outer components (`Binary.md`, Alias Definitions)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.renaming import refuse_resources
from witkit.wasm.scope import Core, IndexSpaces, Sort
from witkit.wasm.types import Component, Func, Instance, Item, TypeItem


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias of an export (of an instance or core instance `number`), or of an outer item (`number` levels out).

    `core` is the core sort, if `sort` is `Sort.CORE`.
    """

    sort: int
    core: int
    target: int
    number: int
    name: str
    index: int
    offset: int


EXPORT: Final = 0
CORE_EXPORT: Final = 1
OUTER: Final = 2


def read_alias(scope: IndexSpaces, cursor: Cursor) -> Alias:
    """Add the target of an alias to the scope, unless it is an export of a core instance."""
    start, sort = cursor.offset, cursor.byte()
    core = cursor.byte() if sort == Sort.CORE else 0
    if sort > Sort.INSTANCE:
        raise BadWasm(f"an alias of the unknown sort 0x{sort:02x}", start)
    target, number, name, index = cursor.byte(), cursor.u32(), "", 0
    if target == OUTER:
        index = cursor.u32()
    elif target in (EXPORT, CORE_EXPORT):
        name = cursor.name()
    else:
        raise BadWasm(f"an unknown target 0x{target:02x} of an alias", start)
    alias = Alias(sort, core, target, number, name, index, start)
    if target == OUTER:
        _add_outer(scope, alias)
    elif target == EXPORT:
        _add_export(scope, alias)
    return alias


def _add_outer(scope: IndexSpaces, alias: Alias) -> None:
    outer = scope.outer(alias.number, alias.offset)
    match alias.sort, alias.core:
        case Sort.CORE, Core.TYPE:
            scope.core_types.append(outer.outer_core_type(0, alias.index, alias.offset))
        case Sort.CORE, Core.MODULE:
            scope.add(outer.item_at(Sort.CORE, alias.index, alias.offset))
        case ((Sort.TYPE | Sort.COMPONENT), _):
            item = outer.item_at(alias.sort, alias.index, alias.offset)
            if scope.leaves_component(alias.number) and isinstance(item, TypeItem):
                refuse_resources(item, scope.budget, alias.offset)
            scope.add(item)
        case _:
            raise BadWasm("only types, core modules and components can be aliased from outside", alias.offset)


def _add_export(scope: IndexSpaces, alias: Alias) -> None:
    instance = scope.item_at(Sort.INSTANCE, alias.number, alias.offset)
    assert isinstance(instance, Instance)
    export = instance.exports.get(alias.name)
    if export is None:
        raise BadWasm(f"an alias of `{alias.name}`, which its instance does not export", alias.offset)
    if sort_of(export.item) != alias.sort or (alias.sort == Sort.CORE and alias.core != Core.MODULE):
        raise BadWasm(f"an alias of `{alias.name}` has the wrong sort", alias.offset)
    scope.add(export.item)


def sort_of(item: Item) -> Sort:
    """The index space of an item."""
    match item:
        case Func():
            return Sort.FUNC
        case TypeItem():
            return Sort.TYPE
        case Instance():
            return Sort.INSTANCE
        case Component():
            return Sort.COMPONENT
    return Sort.CORE
