"""Read all of a component: validate it, and note what each definition does to an instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from witkit.wasm.aliases import CORE_EXPORT, EXPORT, OUTER, Alias, sort_of
from witkit.wasm.component import ComponentReader, Reference
from witkit.wasm.core import CoreSort, CoreType
from witkit.wasm.core_module import read_module
from witkit.wasm.cursor import BadWasm, Cursor, NotSupported
from witkit.wasm.linking.canonical import Canonical
from witkit.wasm.linking.frame import ACTION, Action, FrameBody
from witkit.wasm.linking.spaces import CoreSpaces, core_sort
from witkit.wasm.scope import Core, IndexSpaces, Sort
from witkit.wasm.sections import Section, SectionId
from witkit.wasm.types import Component, Extern, Instance, Item, Module, Resource

_DESTRUCTOR = "i:"


@dataclass(slots=True)
class FullReader(ComponentReader):
    """Reads one component with its core items.

    `sources` are the core modules of the file so far, `at` is the offset of the section that is read.
    """

    sources: list[tuple[tuple[int, int], Module]] = field(default_factory=list)
    body: FrameBody = field(default_factory=FrameBody)
    spaces: CoreSpaces = field(default_factory=CoreSpaces)
    at: int = 0

    def read(self, start: int, end: int) -> Component:
        self.body.type = ComponentReader.read(self, start, end)
        return self.body.type

    def inner(self, scope: IndexSpaces) -> ComponentReader:
        inner = FullReader(self.file, scope, None, self.sources)
        body = inner.body
        self.then(lambda frame: frame.add_component(body))
        return inner

    def then(self, action: Action) -> None:
        """Note what a definition does."""
        self.scope.budget.spend(ACTION, self.at)
        self.body.actions.append(action)

    def section(self, section: Section) -> None:
        self.at = section.start
        match section.id:
            case SectionId.CORE_MODULE:
                self._module(section)
            case SectionId.CORE_INSTANCE:
                self.items(section)
            case SectionId.START | SectionId.VALUE:
                raise NotSupported("values and start functions of components are not supported", section.start)
            case _:
                ComponentReader.section(self, section)

    def _module(self, section: Section) -> None:
        assert isinstance(self.file, BytesIO)
        module = read_module(self.file, section.start, section.end, self.scope.budget)
        source = len(self.sources)
        self.sources.append(((section.start, section.end), module))
        self.scope.modules.append(module)
        self.then(lambda frame: frame.add_module(source))

    def type(self, cursor: Cursor) -> None:
        start = cursor.offset
        ComponentReader.type(self, cursor)
        resource = self.scope.types[-1]
        if isinstance(resource, Resource):
            destructor = self.scope.destructors[resource]
            if destructor is not None:
                self.spaces.check_func(destructor, _DESTRUCTOR, "a destructor", start)
            self.then(lambda frame: frame.add_resource(resource, destructor))

    def canonical(self, cursor: Cursor) -> None:
        self.then(Canonical(self.scope, self.spaces).read(cursor))

    # ---- core instances ----

    def core_instance(self, cursor: Cursor) -> None:
        start, form = cursor.offset, cursor.byte()
        if form == 0:
            self._instantiate_core(cursor, start)
        elif form == 1:
            self._bundle_core(cursor, start)
        else:
            raise BadWasm(f"an unknown form 0x{form:02x} of a core instance", start)

    def _instantiate_core(self, cursor: Cursor, start: int) -> None:
        at, number = cursor.offset, cursor.u32()
        module = self.scope.item_at(Sort.CORE, number, at)
        assert isinstance(module, Module)
        pairs = cursor.vector(lambda: self._core_argument(cursor))
        given = dict(pairs)
        if len(given) < len(pairs):
            raise BadWasm("a core instantiation is given two instances with the same name", start)
        for (place, name), wanted in module.imports.items():
            if place not in given:
                raise BadWasm(f"a core instantiation lacks the import `{place}`", start)
            found = self.spaces.instances[given[place]].get(name)
            if found is None or not found.fits(wanted):
                lack = "lacks" if found is None else "is given another type for"
                raise BadWasm(f"a core instantiation {lack} the import `{place}` `{name}`", start)
        self.spaces.instances.append(module.exports)
        self.then(lambda frame: frame.add_core_instance(number, given, start))

    def _core_argument(self, cursor: Cursor) -> tuple[str, int]:
        name, start = cursor.name(), cursor.offset
        if cursor.byte() != Core.INSTANCE:
            raise BadWasm("a core module can only be given core instances", start)
        at, index = cursor.offset, cursor.u32()
        self.spaces.instance(index, at)
        return name, index

    def _bundle_core(self, cursor: Cursor, start: int) -> None:
        exports = cursor.vector(lambda: self._core_export(cursor))
        types: dict[str, CoreType] = {}
        for name, sort, index in exports:
            if name in types:
                raise BadWasm(f"the core export `{name}` is declared twice", start)
            types[name] = self.spaces.at(sort, index, start)
        self.spaces.instances.append(types)
        self.then(lambda frame: frame.add_core_bundle(exports, start))

    def _core_export(self, cursor: Cursor) -> tuple[str, CoreSort, int]:
        name, start = cursor.name(), cursor.offset
        return name, core_sort(cursor.byte(), start), cursor.u32()

    # ---- what the types of a component say ----

    def imported(self, extern: Extern, offset: int) -> None:
        name, item, sort = extern.name.text, extern.item, sort_of(extern.item)
        self.then(lambda frame: frame.add_import(name, sort, item, offset))

    def exported(self, extern: Extern, found: Reference, offset: int) -> None:
        name, items = extern.name.text, (found.item, extern.item)
        self.then(lambda frame: frame.add_export(name, found.sort, found.index, items, offset))

    def instantiated(self, component: int, given: dict[str, Reference], instance: Instance, offset: int) -> None:
        items = _items(given)
        self.then(lambda frame: frame.add_instance(component, items, instance, offset))

    def bundled(self, exports: dict[str, Reference], offset: int) -> None:
        items = _items(exports)
        self.then(lambda frame: frame.add_bundle(items, offset))

    def aliased(self, alias: Alias) -> None:
        sort, number, name, index = alias.sort, alias.number, alias.name, alias.index
        if alias.target == CORE_EXPORT:
            core = core_sort(alias.core, alias.offset)
            if sort != Sort.CORE:
                raise BadWasm("an alias of an item of a core instance that is not a core item", alias.offset)
            self.spaces.items[core].append(self.spaces.export(number, name, core, alias.offset))
            self.then(lambda frame: frame.add_core_alias(core, number, name))
        elif sort != Sort.TYPE and (sort != Sort.CORE or alias.core == Core.MODULE):
            if alias.target == OUTER:
                self.then(lambda frame: frame.add_outer(sort, number, index))
            elif alias.target == EXPORT:
                self.then(lambda frame: frame.add_alias(sort, number, name))


def _items(references: dict[str, Reference]) -> list[tuple[str, int, int, Item]]:
    return [(name, found.sort, found.index, found.item) for name, found in references.items()]
