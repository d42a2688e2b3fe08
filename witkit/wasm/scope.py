"""The index spaces of a component, or of the type of a component or instance, with the declarations so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.names import parse_name
from witkit.wasm.renaming import Budget, fresh
from witkit.wasm.types import AnyType, Component, Defined, Extern, Func, Instance, Item, Opaque, Resource, TypeItem

_T = TypeVar("_T")
_DEPTH = 50


class Sort(IntEnum):
    CORE = 0
    FUNC = 1
    VALUE = 2
    TYPE = 3
    COMPONENT = 4
    INSTANCE = 5


@dataclass(slots=True, eq=False)
class IndexSpaces:
    """One level of declarations. `imported` and `defined` are the resources that outer levels do not have."""

    parent: IndexSpaces | None
    budget: Budget
    types: list[AnyType] = field(default_factory=list)
    funcs: list[Func] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    imports: dict[str, Extern] = field(default_factory=dict)
    exports: dict[str, Extern] = field(default_factory=dict)
    imported: list[Resource] = field(default_factory=list)
    defined: list[Resource] = field(default_factory=list)

    def inner(self, offset: int) -> IndexSpaces:
        """A scope inside this one. Raises BadWasm if they nest too deeply."""
        depth, outer = 0, self.parent
        while outer is not None:
            depth, outer = depth + 1, outer.parent
        if depth >= _DEPTH:
            raise BadWasm("components and their types nest too deeply", offset)
        return IndexSpaces(self, self.budget)

    def next_item(self, sort: int, cursor: Cursor) -> Item:
        """Read an index, and return the item. Opaque for items that WIT does not describe."""
        offset, index = cursor.offset, cursor.u32()
        match sort:
            case Sort.FUNC:
                return _at(self.funcs, index, "function", offset)
            case Sort.TYPE:
                type_ = _at(self.types, index, "type", offset)
                return TypeItem(type_, type_)
            case Sort.COMPONENT:
                return _at(self.components, index, "component", offset)
            case Sort.INSTANCE:
                return _at(self.instances, index, "instance", offset)
        return Opaque()

    def next_type(self, cursor: Cursor) -> AnyType:
        offset, index = cursor.offset, cursor.u32()
        return _at(self.types, index, "type", offset)

    def type_at(self, index: int, offset: int) -> AnyType:
        return _at(self.types, index, "type", offset)

    def next_typed(self, kind: type[_T], what: str, cursor: Cursor) -> _T:
        """Read an index, and return the type, which must be of this kind."""
        offset = cursor.offset
        type_ = self.next_type(cursor)
        if not isinstance(type_, kind):
            raise BadWasm(f"expected {what}, found another type", offset)
        return type_

    def outer(self, count: int, offset: int) -> IndexSpaces:
        """The scope so many levels further out."""
        scope: IndexSpaces | None = self
        for _ in range(count):
            scope = scope.parent if scope is not None else None
            if scope is None:
                raise BadWasm(f"an alias leads {count} levels out, but there are fewer", offset)
        assert scope is not None
        return scope

    def add(self, item: Item) -> None:
        """Add an item with the next index of its space."""
        match item:
            case Func():
                self.funcs.append(item)
            case TypeItem():
                self.types.append(item.created)
            case Instance():
                self.instances.append(item)
            case Component():
                self.components.append(item)

    def import_(self, extern: Extern, offset: int) -> Extern:
        return self._declare(extern, self.imports, self.imported, offset)

    def export(self, extern: Extern, offset: int) -> Extern:
        return self._declare(extern, self.exports, self.defined, offset)

    def _declare(self, extern: Extern, into: dict[str, Extern], resources: list[Resource], offset: int) -> Extern:
        """Add an import or export with resources of its own."""
        name = extern.name.text
        if parse_name(name) is None:
            raise BadWasm(f"{name!r} is not a valid name of an import or export", offset)
        if name in into:
            raise BadWasm(f"the name `{name}` is declared twice", offset)
        item = extern.item
        self.budget.spend(item.weight, offset)
        if isinstance(item, Instance):
            item, own = fresh(item, self.budget, offset)
            resources += own
        elif isinstance(item, TypeItem) and isinstance(item.created, Resource) and item.created is item.referenced:
            resources.append(item.created)
        into[name] = declared = Extern(extern.name, item)
        self.add(item)
        return declared


def named(type_: AnyType) -> TypeItem:
    """A type under another name, with an identity of its own."""
    if isinstance(type_, Resource):
        return TypeItem(type_, Resource(type_))
    if isinstance(type_, Defined):
        return TypeItem(type_, Defined(type_.kind, type_, 0))
    return TypeItem(type_, type_)


def _at(space: list[_T], index: int, what: str, offset: int) -> _T:
    if index >= len(space):
        raise BadWasm(f"there is no {what} {index}", offset)
    return space[index]
