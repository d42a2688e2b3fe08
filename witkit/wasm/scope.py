"""The index spaces of a component, or of the type of a component or instance, with the declarations so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from typing import TypeVar

from witkit.wasm.budget import Budget
from witkit.wasm.cursor import BadWasm, Cursor, NotSupported, TooMuch
from witkit.wasm.names import NameKind, parse_name
from witkit.wasm.namespace import Namespace
from witkit.wasm.renaming import fresh
from witkit.wasm.types import (
    AnyType,
    Component,
    CoreDefinition,
    Defined,
    Extern,
    Func,
    Instance,
    Item,
    Opaque,
    Resource,
    TypeItem,
)
from witkit.wasm.visibility import Visible

_T = TypeVar("_T")
_DEPTH = 50


class Sort(IntEnum):
    CORE = 0
    FUNC = 1
    VALUE = 2
    TYPE = 3
    COMPONENT = 4
    INSTANCE = 5


class Core(IntEnum):
    """The core sorts that core modules do not have."""

    TYPE = 0x10
    MODULE = 0x11
    INSTANCE = 0x12


class ScopeLevel(Enum):
    """What the declarations of a scope are part of."""

    COMPONENT = auto()
    COMPONENT_TYPE = auto()
    INSTANCE_TYPE = auto()


@dataclass(slots=True, eq=False)
class IndexSpaces:
    """One level of declarations.

    `imported` and `defined` are the resources that outer levels do not have. `destructors` has those which this
    component itself defines, with the index of the core function that destroys them. `visible_outside` are the
    types that exports can use, `visible` those that imports can use, too.
    """

    parent: IndexSpaces | None
    budget: Budget
    level: ScopeLevel = ScopeLevel.COMPONENT
    types: list[AnyType] = field(default_factory=list)
    funcs: list[Func] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    core_types: list[CoreDefinition] = field(default_factory=list)
    modules: list[Opaque] = field(default_factory=list)
    imports: dict[str, Extern] = field(default_factory=dict)
    exports: dict[str, Extern] = field(default_factory=dict)
    imported: list[Resource] = field(default_factory=list)
    defined: list[Resource] = field(default_factory=list)
    destructors: dict[Resource, int | None] = field(default_factory=dict)
    import_names: Namespace = field(default_factory=Namespace)
    export_names: Namespace = field(default_factory=Namespace)
    visible: Visible = field(init=False)
    visible_outside: Visible = field(init=False)

    def __post_init__(self) -> None:
        self.visible, self.visible_outside = Visible(self.budget), Visible(self.budget)

    def inner(self, offset: int, level: ScopeLevel) -> IndexSpaces:
        """A scope inside this one. Raises BadWasm if they nest too deeply."""
        depth, outer = 0, self.parent
        while outer is not None:
            depth, outer = depth + 1, outer.parent
        if depth >= _DEPTH:
            raise TooMuch("components and their types nest too deeply", offset)
        return IndexSpaces(self, self.budget, level)

    def item_at(self, sort: int, index: int, offset: int) -> Item:
        """The item with an index. Of the core sorts, these are the modules."""
        match sort:
            case Sort.CORE:
                return _at(self.modules, index, "core module", offset)
            case Sort.FUNC:
                return _at(self.funcs, index, "function", offset)
            case Sort.TYPE:
                type_ = _at(self.types, index, "type", offset)
                return TypeItem(type_, type_)
            case Sort.COMPONENT:
                return _at(self.components, index, "component", offset)
            case Sort.INSTANCE:
                return _at(self.instances, index, "instance", offset)
        raise NotSupported("values are not supported", offset)

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

    def outer_core_type(self, count: int, index: int, offset: int) -> CoreDefinition:
        """A core type `count` levels further out."""
        return _at(self.outer(count, offset).core_types, index, "core type", offset)

    def outer(self, count: int, offset: int) -> IndexSpaces:
        """The scope `count` levels further out."""
        scope: IndexSpaces | None = self
        for _ in range(count):
            scope = scope.parent if scope is not None else None
            if scope is None:
                raise BadWasm(f"an alias leads {count} levels out, but there are fewer", offset)
        assert scope is not None
        return scope

    def leaves_component(self, count: int) -> bool:
        """Whether the scope `count` levels further out is outside of a component, not only of types."""
        scope: IndexSpaces | None = self
        while count and scope is not None:
            if scope.level is ScopeLevel.COMPONENT:
                return True
            scope, count = scope.parent, count - 1
        return False

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
            case Opaque():
                self.modules.append(item)

    def import_(self, extern: Extern, offset: int) -> Extern:
        declared = self._declare(extern, self.import_names, self.imported, offset)
        if self.level is not ScopeLevel.INSTANCE_TYPE:
            self.visible.declare(extern.name.text, declared.item, offset, self.visible_outside)
        self.imports[extern.name.text] = declared
        return declared

    def export(self, extern: Extern, offset: int) -> Extern:
        name = parse_name(extern.name.text)
        if name is not None and name.kind is NameKind.PLACE:
            raise BadWasm(f"`{extern.name.text}` is only a name for imports", offset)
        declared = self._declare(extern, self.export_names, self.defined, offset)
        if self.level is not ScopeLevel.INSTANCE_TYPE:
            self.visible_outside.declare(extern.name.text, declared.item, offset)
        self.exports[extern.name.text] = declared
        return declared

    def _declare(self, extern: Extern, names: Namespace, resources: list[Resource], offset: int) -> Extern:
        """Add an import or export with resources of its own."""
        item = extern.item
        self.budget.spend(item.weight, offset)
        names.add(extern, offset)
        names.define(extern.name.text, item)
        if isinstance(item, Instance):
            item, own = fresh(item, self.budget, offset)
            resources += own
        elif isinstance(item, TypeItem) and isinstance(item.created, Resource) and item.created is item.referenced:
            resources.append(item.created)
        self.add(item)
        return Extern(extern.name, item)


def named(type_: AnyType) -> TypeItem:
    """A type under another name, with an identity of its own."""
    if isinstance(type_, Resource):
        return TypeItem(type_, Resource(type_))
    if isinstance(type_, Defined):
        return TypeItem(type_, Defined(type_.kind, type_.traits, type_, 0))
    return TypeItem(type_, type_)


def _at(space: list[_T], index: int, what: str, offset: int) -> _T:
    if index >= len(space):
        raise BadWasm(f"there is no {what} {index}", offset)
    return space[index]
