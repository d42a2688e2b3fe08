"""The two things to do with the bytes of a component."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from witkit.wasm.budget import Budget
from witkit.wasm.component import Binary
from witkit.wasm.cursor import NotSupported, TooMuch
from witkit.wasm.linking.concrete import Concrete
from witkit.wasm.linking.frame import Elaboration, Frame, Value
from witkit.wasm.linking.reader import FullReader
from witkit.wasm.plan import Exported, HostFunc, Imported, Lift, Plan, PlannedResource
from witkit.wasm.scope import IndexSpaces
from witkit.wasm.types import Component, Defined, Extern, Func, Instance, Item, Resource, TypeItem

_DEPTH: Final = 50


def validate(data: bytes) -> Component:
    """The type of a component. Raises BadWasm, with reason and offset, if it is not valid.

    The code of its core modules is left to the engine that compiles them.
    """
    return _read(data).body.type


def link(data: bytes) -> Plan:
    """The plan of a component. Raises BadWasm for one that is not valid, or imports a component or core module."""
    reader = _read(data)
    whole = Elaboration(reader.sources, Budget())
    plan, root = whole.plan, whole.frame(None, None, {}, 0)
    outside = _Outside(root.types, plan)
    assert reader.binary is not None
    for direction in reader.binary.externs:
        if not direction.is_export:
            outside.give(root, direction.extern, direction.offset)
    root.run(reader.body, 0)
    for direction in reader.binary.externs:
        if direction.is_export:
            outside.take(root, direction.extern, direction.offset)
    plan.unused = [place for number, (place, _) in enumerate(reader.sources) if number not in whole.used]
    return plan


def _read(data: bytes) -> FullReader:
    reader = FullReader(BytesIO(data), IndexSpaces(None, Budget()), Binary())
    reader.read(0, len(data))
    return reader


@dataclass(slots=True)
class _Outside:
    """What the outermost component imports and exports, with its names."""

    types: Concrete
    plan: Plan
    named: set[PlannedResource | Lift] = field(default_factory=set)
    depth: int = 0
    offset: int = 0

    def give(self, root: Frame, extern: Extern, offset: int) -> None:
        """Add an import to the plan."""
        self.offset = offset
        name, item = extern.name.text, extern.item
        value = self.imported("", name, item)
        self.types.bind(item, value, offset)
        root.given[name] = value
        if value is not None:
            self.plan.imports[name] = value
        if extern.name.implements is not None:
            self.plan.labels[name] = extern.name.implements

    def take(self, root: Frame, extern: Extern, offset: int) -> None:
        """Add an export to the plan."""
        self.offset = offset
        name = extern.name.text
        value = self.exported("", name, extern.item, root.exports[name])
        if value is not None:
            self.plan.exports[name] = value

    def imported(self, interface: str, name: str, item: Item) -> Imported | None:
        match item:
            case Func():
                return HostFunc(interface, name, self.types.func(item, self.offset))
            case TypeItem(referenced, Resource() as created):
                if referenced is created:
                    planned = PlannedResource(name=name, interface=interface)
                    self.named.add(planned)
                    self.plan.parts.append(planned)
                    self.types.name(created, planned)
                return self.types.resource(created, self.offset)
            case TypeItem(_, Defined() as created):
                return self._value(created)
            case TypeItem():
                return None
            case Instance(exports):
                self._enter()
                values = {n: self.imported(interface or name, n, e.item) for n, e in exports.items()}
                self.depth -= 1
                return {n: value for n, value in values.items() if value is not None}
        raise NotSupported(f"the import `{name}` is a component or core module, which a host cannot give", self.offset)

    def exported(self, interface: str, name: str, item: Item, value: Value) -> Exported | None:
        match item, value:
            case TypeItem(_, Defined() as created), _:
                return self._value(created)
            case (TypeItem(), PlannedResource()) | (Func(), Lift()):
                assert isinstance(value, PlannedResource | Lift)
                if value not in self.named:
                    self.named.add(value)
                    value.name, value.interface = name, interface
                return value
            case Func(), HostFunc():
                return value
            case Instance(exports), dict():
                self._enter()
                found = {n: self.exported(interface or name, n, e.item, value.get(n)) for n, e in exports.items()}
                self.depth -= 1
                return {n: inner for n, inner in found.items() if inner is not None}
        return None

    def _value(self, type_: Defined) -> Defined:
        found = self.types.value(type_, self.offset)
        assert isinstance(found, Defined)
        return found

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise TooMuch("instances nest too deeply", self.offset)
