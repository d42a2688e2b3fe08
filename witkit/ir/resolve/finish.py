"""The last step: moves a package whose names are resolved from its draft into the `Resolve`.

Items whose feature is off are left out; whatever still refers to them is an error. A resource that is used as a value
becomes an owned handle, a type of its own, which is numbered where it is first needed.
"""

from __future__ import annotations

from dataclasses import field

from witkit.ir import model
from witkit.ir.model import Function, Interface, Own, Type, TypeDef, World, WorldInterface, WorldItem, WorldKey
from witkit.ir.resolve.context import Context
from witkit.ir.resolve.excluded import EXCLUDED, report_excluded
from witkit.ir.resolve.left_out import StandIns
from witkit.ir.toposort import postorder
from witkit.text import Span
from witkit.text.values import entity

UNGATED_TYPE = "WIT0407"
BORROW_IN_RESULT = "WIT0303"


@entity(slots=True, eq=False)
class Finisher:
    """One pass over the types, interfaces and worlds of a package. References are replaced in place."""

    context: Context
    owned: dict[TypeDef, TypeDef] = field(default_factory=dict)
    borrows: dict[TypeDef, bool] = field(default_factory=dict)
    resources: dict[TypeDef, bool] = field(default_factory=dict)

    def run(self) -> None:
        stand_ins = StandIns(self.context)
        for type_ in self.context.arena.types:
            self._type(type_)
        for interface in self.context.draft.interfaces:
            self._interface(interface, stand_ins)
        self._check_owners(Interface)
        for world in self.context.draft.worlds:
            self._world(world, stand_ins)
        self._check_owners(World)
        stand_ins.finish()

    def _type(self, type_: TypeDef) -> None:
        context = self.context
        if not context.gates.includes(type_.stability, type_.span):
            context.excluded.add(type_)
            return
        self._references(type_)
        context.resolve.types.append(type_)

    def _references(self, type_: TypeDef) -> None:
        """Check what a definition refers to. A resource that is used as a value becomes an owned handle."""
        kind, span = type_.kind, type_.span
        match kind:
            case model.Record():
                for field_ in kind.fields:
                    field_.type = self._value(field_.type, field_.span, type_)
            case model.Variant():
                for case in kind.cases:
                    case.type = self._optional(case.type, span, type_)
            case model.Tuple():
                kind.types = [self._value(t, span, type_) for t in kind.types]
            case model.Option() | model.List() | model.FixedLengthList():
                kind.type = self._value(kind.type, span, type_)
            case model.Result():
                kind.ok = self._optional(kind.ok, span, type_)
                kind.err = self._optional(kind.err, span, type_)
            case model.Map():
                kind.key = self._value(kind.key, span, type_)
                kind.value = self._value(kind.value, span, type_)
            case model.Future() | model.Stream():
                kind.type = self._optional(kind.type, span, type_)
            case model.Alias():
                self._check(kind.type, span, type_)
            case model.Own() | model.Borrow():
                self._check(kind.resource, span, type_)
            case _:
                pass

    def _check(self, type_: Type | Interface, span: Span | None, within: TypeDef | None = None) -> None:
        """Report a mention of an item that is left out; `within` is the type that mentions it, if one does."""
        if type_ in self.context.excluded and span is not None:
            assert isinstance(type_, TypeDef | Interface)
            report_excluded(self.context, type_, span, within)

    def _optional(self, type_: Type | None, span: Span | None, within: TypeDef | None = None) -> Type | None:
        return None if type_ is None else self._value(type_, span, within)

    def _value(self, type_: Type, span: Span | None, within: TypeDef | None = None) -> Type:
        """The type itself or, for a resource or an alias of one, its owned handle: one per name of the resource."""
        if not isinstance(type_, TypeDef):
            return type_
        self._check(type_, span, within)
        if not self._leads_to_resource(type_):
            return type_
        handle = self.owned.get(type_)
        if handle is None:
            handle = self.owned[type_] = TypeDef(name=None, kind=Own(type_), owner=None)
            self.context.resolve.types.append(handle)
        return handle

    def _leads_to_resource(self, type_: TypeDef) -> bool:
        """Whether the type is a resource or an alias of one. Chains of aliases can be long: each is followed once."""
        chain: list[TypeDef] = []
        end: Type = type_
        while isinstance(end, TypeDef) and isinstance(end.kind, model.Alias) and end not in self.resources:
            chain.append(end)
            end = end.kind.type
        if isinstance(end, TypeDef):
            is_resource = self.resources.get(end, isinstance(end.kind, model.Resource))
        else:
            is_resource = False
        self.resources.update(dict.fromkeys(chain, is_resource))
        return is_resource

    def _interface(self, interface: Interface, stand_ins: StandIns) -> None:
        context = self.context
        if not context.gates.includes(interface.stability, interface.span):
            context.excluded.add(interface)
            stand_ins.leave_interface_out(interface)
            return
        interface.types = {name: t for name, t in interface.types.items() if t not in context.excluded}
        kept: dict[str, Function] = {}
        for name, function in interface.functions.items():
            if context.gates.includes(function.stability, function.span):
                self._function(function)
                kept[name] = function
        all_functions, interface.functions = interface.functions.values(), kept
        if len(all_functions) > len(kept):
            stand_ins.keep_interface(interface, all_functions)
        context.resolve.interfaces.append(interface)
        if interface.name is not None:
            context.package.interfaces[interface.name] = interface

    def _function(self, function: Function) -> None:
        span = function.span
        if function.resource is not None:
            self._check(function.resource, span)
        for param in function.params:
            param.type = self._value(param.type, span)
        function.result = self._optional(function.result, span)
        if function.result is not None and self._has_borrow(function.result) and span is not None:
            self.context.report.error(
                BORROW_IN_RESULT,
                f"function `{function.name}` returns a type that contains a `borrow`",
                span,
                help="a borrowed handle ends with the call: return the resource itself (an owned handle)",
            )

    def _has_borrow(self, type_: Type) -> bool:
        if not isinstance(type_, TypeDef):
            return False
        for inner in postorder(type_, _definitions_in, self.borrows):
            is_borrow = isinstance(inner.kind, model.Borrow)
            self.borrows[inner] = is_borrow or any(self.borrows[t] for t in _definitions_in(inner))
        return self.borrows[type_]

    def _check_owners(self, kind: type[Interface] | type[World]) -> None:
        for type_ in self.context.arena.types:
            owner = type_.owner
            is_gated = type_ in self.context.excluded or type_.span is None
            if not is_gated and isinstance(owner, kind) and owner in self.context.excluded:
                self._ungated(type_.name, owner, type_.span)

    def _ungated(self, name: str | None, owner: Interface | World, span: Span | None) -> None:
        assert span is not None
        what = "interface" if isinstance(owner, Interface) else "world"
        self.context.report.error(
            UNGATED_TYPE,
            f"type `{name}` is not gated by a feature, but its {what} is",
            span,
            help=f"repeat the {what}'s `@unstable(feature = …)` on the type",
        )

    def _world(self, world: World, stand_ins: StandIns) -> None:
        context = self.context
        if not context.gates.includes(world.stability, world.span):
            context.excluded.add(world)
            stand_ins.leave_world_out(world)
            return
        world.imports = self._items(world.imports)
        world.exports = self._items(world.exports)
        stand_ins.keep_world(world)
        context.resolve.worlds.append(world)
        context.package.worlds[world.name] = world

    def _excluded_in_world(self, type_: TypeDef) -> None:
        """wasm-tools does not let a world leave out one of its own types."""
        if type_.span is not None:
            self.context.report.error(
                EXCLUDED,
                f"a world cannot leave out its type `{type_.name}`, whose feature is not enabled",
                type_.span,
                help="enable the feature with `--features`, gate the whole world, or move the type to an interface",
            )

    def _items(self, items: dict[WorldKey, WorldItem]) -> dict[WorldKey, WorldItem]:
        kept: dict[WorldKey, WorldItem] = {}
        for key, item in items.items():
            if isinstance(item, TypeDef) and item in self.context.excluded:
                self._excluded_in_world(item)
                continue
            if not self.context.gates.includes(item.stability, item.span):
                continue
            if isinstance(item, WorldInterface) and item.span is not None:
                self._check(item.interface, item.span)
            elif isinstance(item, Function):
                self._function(item)
            kept[key] = item
        return kept


def _definitions_in(type_: TypeDef) -> list[TypeDef]:
    """The definitions that a value of the type contains. A handle contains none."""
    if isinstance(type_.kind, model.Own | model.Borrow):
        return []
    return [t for t in model.children(type_) if isinstance(t, TypeDef)]
