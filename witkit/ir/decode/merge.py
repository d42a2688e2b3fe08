"""Merges sets of resolved packages: each encoded package has only parts of the others that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from witkit.ir import model
from witkit.ir.model import (
    Function,
    Interface,
    Package,
    Resolve,
    Type,
    TypeDef,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
)


class WorldsDiffer(ValueError):
    """There is a world of this name with different imports or exports."""


def merge(into: Resolve, other: Resolve) -> None:
    """Move everything of `other` that `into` does not have to the end of `into`.

    An interface that both have gets the items of both; if they differ, those of `into` stay. `other` must not be used
    afterwards. Raises WorldsDiffer if both have a world, but with different imports or exports.
    """
    moving = _Merge(into)
    known = {str(p.name): p for p in into.packages}
    for package in other.packages:
        if (there := known.get(str(package.name))) is not None:
            moving.meet(there, package)
    moving.move(other)


@dataclass(slots=True)
class _Merge:
    """`types`, `interfaces`, `worlds` and `packages` map elements of the other set to those that are there already."""

    into: Resolve
    types: dict[TypeDef, TypeDef] = field(default_factory=dict)
    interfaces: dict[Interface, Interface] = field(default_factory=dict)
    worlds: dict[World, World] = field(default_factory=dict)
    packages: dict[Package, Package] = field(default_factory=dict)

    def meet(self, there: Package, package: Package) -> None:
        """Note what two packages with one name have in common, by names."""
        self.packages[package] = there
        there.docs = there.docs if there.docs is not None else package.docs
        for name, interface in package.interfaces.items():
            same = there.interfaces.get(name)
            if same is not None:
                self.interfaces[interface] = same
                self.types |= {t: same.types[key] for key, t in interface.types.items() if key in same.types}
        for name, world in package.worlds.items():
            known = there.worlds.get(name)
            if known is not None:
                if _names(known.imports) != _names(world.imports) or _names(known.exports) != _names(world.exports):
                    raise WorldsDiffer(world.qualified_name)
                self.worlds[world] = known

    def move(self, other: Resolve) -> None:
        inline = {i for world in self.worlds for i in _inline_interfaces(world)}
        for type_ in other.types:
            is_left_out = type_.owner in self.worlds or type_.owner in inline
            if type_ not in self.types and not is_left_out:
                self._type(type_)
                self.into.types.append(type_)
        for interface in other.interfaces:
            if interface not in inline:
                self._interface(interface)
        for world in other.worlds:
            if world not in self.worlds:
                self._world(world)
                self.into.worlds.append(world)
        for package in other.packages:
            self._package(package)
        self.into.packages += [p for p in other.packages if p not in self.packages]

    def _interface(self, interface: Interface) -> None:
        same = self.interfaces.get(interface)
        for function in interface.functions.values():
            self._function(function)
        if same is None:
            interface.package = self.packages.get(interface.package, interface.package)
            self.into.interfaces.append(interface)
            return
        for name, type_ in interface.types.items():
            same.types.setdefault(name, type_)
        for name, function in interface.functions.items():
            same.functions.setdefault(name, function)

    def _world(self, world: World) -> None:
        world.package = self.packages.get(world.package, world.package)
        world.imports = {self._key(key): self._item(item) for key, item in world.imports.items()}
        world.exports = {self._key(key): self._item(item) for key, item in world.exports.items()}

    def _key(self, key: WorldKey) -> WorldKey:
        return key if isinstance(key, str) else self.interfaces.get(key, key)

    def _item(self, item: WorldItem) -> WorldItem:
        if isinstance(item, WorldInterface):
            item.interface = self.interfaces.get(item.interface, item.interface)
        elif isinstance(item, Function):
            self._function(item)
        return item

    def _package(self, package: Package) -> None:
        there = self.packages.get(package, package)
        for name, interface in list(package.interfaces.items()):
            there.interfaces.setdefault(name, self.interfaces.get(interface, interface))
        for name, world in list(package.worlds.items()):
            there.worlds.setdefault(name, self.worlds.get(world, world))

    def _function(self, function: Function) -> None:
        if function.resource is not None:
            function.resource = self.types.get(function.resource, function.resource)
        for param in function.params:
            param.type = self._to(param.type)
        if function.result is not None:
            function.result = self._to(function.result)

    def _to(self, type_: Type) -> Type:
        return self.types.get(type_, type_) if isinstance(type_, TypeDef) else type_

    def _optional(self, type_: Type | None) -> Type | None:
        return None if type_ is None else self._to(type_)

    def _type(self, type_: TypeDef) -> None:
        if isinstance(type_.owner, Interface):
            type_.owner = self.interfaces.get(type_.owner, type_.owner)
        kind = type_.kind
        match kind:
            case model.Record():
                for member in kind.fields:
                    member.type = self._to(member.type)
            case model.Variant():
                for case in kind.cases:
                    case.type = self._optional(case.type)
            case model.Tuple():
                kind.types = [self._to(t) for t in kind.types]
            case model.Result():
                kind.ok, kind.err = self._optional(kind.ok), self._optional(kind.err)
            case model.Map():
                kind.key, kind.value = self._to(kind.key), self._to(kind.value)
            case model.Option() | model.List() | model.FixedLengthList() | model.Alias():
                kind.type = self._to(kind.type)
            case model.Future() | model.Stream():
                kind.type = self._optional(kind.type)
            case model.Own() | model.Borrow():
                kind.resource = self.types.get(kind.resource, kind.resource)


def _inline_interfaces(world: World) -> Iterator[Interface]:
    for item in (*world.imports.values(), *world.exports.values()):
        if isinstance(item, WorldInterface) and item.interface.name is None:
            yield item.interface


def _names(side: dict[WorldKey, WorldItem]) -> set[str | None]:
    return {key if isinstance(key, str) else key.qualified_name for key in side}
