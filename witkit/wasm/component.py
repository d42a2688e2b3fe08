"""Read the types of a component's imports and exports from its binary. Code is skipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from witkit.wasm.canonical import read_canonical
from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.definitions import read_alias, read_description, read_name, read_type, sort_of
from witkit.wasm.renaming import Budget, instantiate
from witkit.wasm.scope import IndexSpaces, Sort, named
from witkit.wasm.sections import Id, Section, custom_content, custom_name, is_component, sections
from witkit.wasm.types import Component, Extern, Instance, Item, Opaque, TypeItem

PACKAGE_DOCS = "package-docs"
_BYTES_A_STEP = 8


@dataclass(frozen=True, slots=True)
class Direction:
    """An import or export of the outermost component, and its offset in the file."""

    is_export: bool
    extern: Extern
    offset: int


@dataclass(slots=True)
class Binary:
    """The outermost component of a file: its imports and exports in order, and its documentation sections."""

    externs: list[Direction] = field(default_factory=list)
    docs: list[Cursor] = field(default_factory=list)


def read_component(file: BinaryIO, start: int, end: int) -> Binary:
    """Read the component between two offsets of a file. Raises BadWasm, OSError."""
    binary = Binary()
    _Reader(file, IndexSpaces(None, Budget()), binary).read(start, end)
    return binary


@dataclass(slots=True)
class _Reader:
    """Reads one component. `binary` is None for nested ones."""

    file: BinaryIO
    scope: IndexSpaces
    binary: Binary | None

    def read(self, start: int, end: int) -> Component:
        if not is_component(self.file, start):
            raise BadWasm("a core module instead of a component", start)
        for section in sections(self.file, start, end):
            self.scope.budget.spend(1, section.start)
            self.section(section)
        scope = self.scope
        return Component(scope.imports, scope.exports, scope.imported, scope.defined)

    def section(self, section: Section) -> None:
        match section.id:
            case Id.CORE_MODULE | Id.CORE_INSTANCE | Id.CORE_TYPE | Id.START | Id.VALUE:
                pass
            case Id.CUSTOM:
                self.custom(section)
            case Id.COMPONENT:
                inner = _Reader(self.file, self.scope.inner(section.start), None)
                self.scope.components.append(inner.read(section.start, section.end))
            case Id.INSTANCE | Id.ALIAS | Id.TYPE | Id.CANON | Id.IMPORT | Id.EXPORT:
                self.items(section)
            case _:
                raise BadWasm(f"an unknown section {section.id}", section.start)

    def items(self, section: Section) -> None:
        """Read a section that is a vector."""
        self.scope.budget.spend(section.size // _BYTES_A_STEP, section.start)
        cursor = section.cursor(self.file)
        readers: dict[Id, Callable[[Cursor], None]] = {
            Id.INSTANCE: self.instance,
            Id.ALIAS: partial(read_alias, self.scope),
            Id.TYPE: self.type,
            Id.CANON: partial(read_canonical, self.scope),
            Id.IMPORT: self.import_,
            Id.EXPORT: self.export,
        }
        read = readers[Id(section.id)]
        for _ in range(cursor.u32()):
            read(cursor)
        if not cursor.is_at_end:
            raise cursor.fail("a section has more bytes than its items")

    def custom(self, section: Section) -> None:
        if self.binary is not None and custom_name(self.file, section) == PACKAGE_DOCS:
            self.binary.docs.append(custom_content(self.file, section))

    def type(self, cursor: Cursor) -> None:
        self.scope.types.append(read_type(self.scope, cursor))

    def import_(self, cursor: Cursor) -> None:
        start = cursor.offset
        extern = self.scope.import_(Extern(read_name(cursor), read_description(self.scope, cursor)), start)
        if self.binary is not None:
            self.binary.externs.append(Direction(False, extern, start))

    def export(self, cursor: Cursor) -> None:
        start = cursor.offset
        name, item = read_name(cursor), self.item(cursor)
        declared = cursor.optional(lambda: read_description(self.scope, cursor))
        if declared is not None:
            if sort_of(declared) is not sort_of(item):
                raise BadWasm(f"the export `{name.text}` does not have its declared type", start)
            item = declared
        elif isinstance(item, TypeItem):
            item = named(item.created)
        extern = self.scope.export(Extern(name, item), start)
        if self.binary is not None:
            self.binary.externs.append(Direction(True, extern, start))

    def item(self, cursor: Cursor) -> Item:
        """Read a sort and an index, and return the item."""
        start, sort = cursor.offset, cursor.byte()
        if sort == Sort.CORE:
            cursor.byte()
            cursor.u32()
            return Opaque()
        if sort > Sort.INSTANCE:
            raise BadWasm(f"an item of the unknown sort 0x{sort:02x}", start)
        return self.scope.next_item(sort, cursor)

    def instance(self, cursor: Cursor) -> None:
        start, form = cursor.offset, cursor.byte()
        if form == 0:
            component = self.scope.next_item(Sort.COMPONENT, cursor)
            assert isinstance(component, Component)
            given = dict(cursor.vector(lambda: (cursor.name(), self.item(cursor))))
            instance = instantiate(component, given, self.scope.budget, start)
            self.scope.instances.append(instance)
        elif form == 1:
            exports = cursor.vector(lambda: Extern(read_name(cursor), self.item(cursor)))
            self.scope.instances.append(Instance({export.name.text: export for export in exports}))
        else:
            raise BadWasm(f"an unknown form 0x{form:02x} of an instance", start)
