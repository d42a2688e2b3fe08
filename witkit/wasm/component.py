"""Read the types of a component's imports and exports from its binary. Code is skipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO, Final

from witkit.wasm.aliases import Alias, read_alias
from witkit.wasm.budget import Budget
from witkit.wasm.canonical import read_canonical
from witkit.wasm.cursor import BadWasm, Cursor
from witkit.wasm.definitions import read_core_definition, read_description, read_name, read_type
from witkit.wasm.namespace import Namespace
from witkit.wasm.renaming import instantiate
from witkit.wasm.scope import Core, IndexSpaces, ScopeLevel, Sort, named
from witkit.wasm.sections import Section, SectionId, custom_content, custom_name, is_component, sections
from witkit.wasm.subtyping import Matching
from witkit.wasm.types import Component, Extern, Instance, Item, Opaque, TypeItem

PACKAGE_DOCS = "package-docs"
_BYTES_A_STEP = 8
# What reads one item of each section that is a vector.
_METHODS: Final[dict[int, str]] = {
    SectionId.CORE_INSTANCE: "core_instance", SectionId.CORE_TYPE: "core_type", SectionId.INSTANCE: "instance",
    SectionId.ALIAS: "alias", SectionId.TYPE: "type", SectionId.CANON: "canonical", SectionId.IMPORT: "import_",
    SectionId.EXPORT: "export",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OuterExtern:
    """An import or export of the outermost component, and its offset in the file."""

    is_export: bool
    extern: Extern
    offset: int


@dataclass(slots=True)
class Binary:
    """The outermost component of a file: its imports and exports in order, and its documentation sections."""

    externs: list[OuterExtern] = field(default_factory=list)
    docs: list[Cursor] = field(default_factory=list)


def read_component(file: BinaryIO, start: int, end: int) -> Binary:
    """Read the component between two offsets of a file. Raises BadWasm, OSError."""
    binary = Binary()
    ComponentReader(file, IndexSpaces(None, Budget()), binary).read(start, end)
    return binary


@dataclass(frozen=True, slots=True)
class Reference:
    """An item of the scope by its sort and index."""

    sort: int
    index: int
    item: Item


@dataclass(slots=True)
class ComponentReader:
    """Reads the types of one component, and skips its code. `binary` is None for nested ones.

    With the methods without a body, classes that read more learn what was read, and where there is more.
    """

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
            case SectionId.CORE_MODULE:
                self.scope.modules.append(Opaque())
            case SectionId.CORE_INSTANCE | SectionId.START | SectionId.VALUE:
                pass
            case SectionId.CUSTOM:
                self.custom(section)
            case SectionId.COMPONENT:
                inner = self.inner(self.scope.inner(section.start, ScopeLevel.COMPONENT))
                self.scope.components.append(inner.read(section.start, section.end))
            case (
                SectionId.CORE_TYPE
                | SectionId.INSTANCE
                | SectionId.ALIAS
                | SectionId.TYPE
                | SectionId.CANON
                | SectionId.IMPORT
                | SectionId.EXPORT
            ):
                self.items(section)
            case _:
                raise BadWasm(f"an unknown section {section.id}", section.start)

    def inner(self, scope: IndexSpaces) -> ComponentReader:
        """The reader of a nested component."""
        return ComponentReader(self.file, scope, None)

    def items(self, section: Section) -> None:
        """Read a section that is a vector."""
        self.scope.budget.spend(section.size // _BYTES_A_STEP, section.start)
        cursor, read = section.cursor(self.file), getattr(self, _METHODS[section.id])
        for _ in range(cursor.u32()):
            read(cursor)
        if not cursor.is_at_end:
            raise cursor.fail("a section has more bytes than its items")

    def custom(self, section: Section) -> None:
        if self.binary is not None and custom_name(self.file, section) == PACKAGE_DOCS:
            self.binary.docs.append(custom_content(self.file, section))

    def type(self, cursor: Cursor) -> None:
        self.scope.types.append(read_type(self.scope, cursor))

    def core_instance(self, cursor: Cursor) -> None: ...

    def core_type(self, cursor: Cursor) -> None:
        read_core_definition(self.scope, cursor)

    def alias(self, cursor: Cursor) -> None:
        self.aliased(read_alias(self.scope, cursor))

    def canonical(self, cursor: Cursor) -> None:
        read_canonical(self.scope, cursor)

    def import_(self, cursor: Cursor) -> None:
        start = cursor.offset
        extern = self.scope.import_(Extern(read_name(cursor), read_description(self.scope, cursor)), start)
        if self.binary is not None:
            self.binary.externs.append(OuterExtern(False, extern, start))
        self.imported(extern, start)

    def export(self, cursor: Cursor) -> None:
        start = cursor.offset
        name, found = read_name(cursor), self.reference(cursor)
        item = found.item
        declared = cursor.optional(lambda: read_description(self.scope, cursor))
        if declared is not None:
            Matching(self.scope.budget, start).item(name.text, declared, item)
            item = declared
        elif isinstance(item, TypeItem):
            item = named(item.created)
        extern = self.scope.export(Extern(name, item), start)
        if self.binary is not None:
            self.binary.externs.append(OuterExtern(True, extern, start))
        self.exported(extern, found, start)

    def reference(self, cursor: Cursor) -> Reference:
        """Read a sort and an index."""
        start, sort = cursor.offset, cursor.byte()
        if sort > Sort.INSTANCE:
            raise BadWasm(f"an item of the unknown sort 0x{sort:02x}", start)
        if sort == Sort.CORE and cursor.byte() != Core.MODULE:
            raise BadWasm("modules are the only core items that can be imported or exported", start)
        at, index = cursor.offset, cursor.u32()
        return Reference(sort, index, self.scope.item_at(sort, index, at))

    def instance(self, cursor: Cursor) -> None:
        start, form = cursor.offset, cursor.byte()
        if form == 0:
            self._instantiate(cursor, start)
        elif form == 1:
            self._bundle(cursor, start)
        else:
            raise BadWasm(f"an unknown form 0x{form:02x} of an instance", start)

    def _instantiate(self, cursor: Cursor, start: int) -> None:
        at, index = cursor.offset, cursor.u32()
        component = self.scope.item_at(Sort.COMPONENT, index, at)
        assert isinstance(component, Component)
        pairs = cursor.vector(lambda: (cursor.name(), self.reference(cursor)))
        given = dict(pairs)
        if len(given) < len(pairs):
            raise BadWasm("an instantiation is given two items with the same name", start)
        items = {name: found.item for name, found in given.items()}
        instance = instantiate(component, items, self.scope.budget, start)
        self.scope.instances.append(instance)
        self.instantiated(index, given, instance, start)

    def _bundle(self, cursor: Cursor, start: int) -> None:
        """An instance that is made of items."""
        pairs = cursor.vector(lambda: (read_name(cursor), self.reference(cursor)))
        exports = {name.text: Extern(name, found.item) for name, found in pairs}
        names = Namespace()
        for name, found in pairs:
            names.add(Extern(name, found.item), start)
        self.scope.instances.append(Instance(exports))
        self.bundled({name.text: found for name, found in pairs}, start)

    def imported(self, extern: Extern, offset: int) -> None: ...

    def exported(self, extern: Extern, found: Reference, offset: int) -> None: ...

    def instantiated(self, component: int, given: dict[str, Reference], instance: Instance, offset: int) -> None: ...

    def bundled(self, exports: dict[str, Reference], offset: int) -> None: ...

    def aliased(self, alias: Alias) -> None: ...
