"""Deep copies of what `include` takes over from another world.

Named interfaces are shared. Types, functions and inline interfaces become the including world's own, with new ids.
"""

from __future__ import annotations

from copy import copy
from dataclasses import field

from witkit.ir import model
from witkit.ir.model import Function, Interface, Resolve, Type, TypeDef, TypeKind, World, WorldInterface, WorldItem
from witkit.ir.toposort import postorder
from witkit.text.values import entity


@entity(slots=True, eq=False)
class Cloner:
    """Copies items owned by `old` for `new`. A type that is met twice is copied once.

    `originals` gets the inline interface that each copy of one was made from.
    """

    resolve: Resolve
    old: Interface | World
    new: Interface | World
    originals: dict[Interface, Interface]
    copies: dict[TypeDef, TypeDef] = field(default_factory=dict)

    def item(self, item: WorldItem) -> WorldItem:
        """A copy of an import or export with a plain name. A named interface under a label is shared."""
        if isinstance(item, TypeDef):
            return self.type(item)
        if isinstance(item, Function):
            return self.function(item)
        if item.interface.name is None:
            return _with_interface(item, self.interface(item.interface))
        return copy(item)

    def type(self, type_: TypeDef) -> TypeDef:
        for inner in postorder(type_, self._inner, self.copies):
            new = self.copies[inner] = copy(inner)
            if inner.owner is not None:
                new.owner = self.new
            new.kind = self._kind(inner.kind)
            self.resolve.types.append(new)
        return self.copies[type_]

    def _inner(self, type_: TypeDef) -> list[TypeDef]:
        """What must be copied before a type is."""
        if isinstance(type_.kind, model.Alias) and not self._is_ours(type_.kind):
            return []
        return [t for t in model.children(type_) if isinstance(t, TypeDef)]

    def _is_ours(self, alias: model.Alias) -> bool:
        return isinstance(alias.type, TypeDef) and alias.type.owner is self.old

    def function(self, function: Function) -> Function:
        new = copy(function)
        if function.resource is not None:
            new.resource = self.type(function.resource)
        new.params = [copy(p) for p in function.params]
        for param in new.params:
            param.type = self._type(param.type)
        new.result = self._optional(function.result)
        return new

    def interface(self, interface: Interface) -> Interface:
        new = copy(interface)
        self.originals[new] = interface
        new.package = self.new.package
        inner = Cloner(self.resolve, interface, new, self.originals, self.copies)
        new.types = {name: inner.type(type_) for name, type_ in interface.types.items()}
        new.functions = {name: inner.function(f) for name, f in interface.functions.items()}
        self.resolve.interfaces.append(new)
        return new

    def _type(self, type_: Type) -> Type:
        return self.type(type_) if isinstance(type_, TypeDef) else type_

    def _optional(self, type_: Type | None) -> Type | None:
        return None if type_ is None else self._type(type_)

    def _kind(self, kind: TypeKind) -> TypeKind:
        match kind:
            case model.Alias():
                return model.Alias(self._type(kind.type)) if self._is_ours(kind) else kind
            case model.Own():
                return model.Own(self.type(kind.resource))
            case model.Borrow():
                return model.Borrow(self.type(kind.resource))
            case model.Option():
                return model.Option(self._type(kind.type))
            case model.List():
                return model.List(self._type(kind.type))
            case model.FixedLengthList():
                return model.FixedLengthList(self._type(kind.type), kind.length)
            case model.Map():
                return model.Map(self._type(kind.key), self._type(kind.value))
            case model.Tuple():
                return model.Tuple([self._type(t) for t in kind.types])
            case model.Result():
                return model.Result(self._optional(kind.ok), self._optional(kind.err))
            case model.Future():
                return model.Future(self._optional(kind.type))
            case model.Stream():
                return model.Stream(self._optional(kind.type))
            case model.Record():
                fields = [copy(f) for f in kind.fields]
                for f in fields:
                    f.type = self._type(f.type)
                return model.Record(fields)
            case model.Variant():
                cases = [copy(c) for c in kind.cases]
                for c in cases:
                    c.type = self._optional(c.type)
                return model.Variant(cases)
            case _:
                return kind


def _with_interface(item: WorldInterface, interface: Interface) -> WorldInterface:
    new = copy(item)
    new.interface = interface
    return new
