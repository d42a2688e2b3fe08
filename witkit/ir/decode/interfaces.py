"""Interfaces and worlds from the types of instances and components."""

from __future__ import annotations

from dataclasses import dataclass, field

from witkit.ir.decode.names import ItemName, item_name
from witkit.ir.decode.types import TypeDecoder
from witkit.ir.decode.unify import unify
from witkit.ir.model import (
    Interface,
    Package,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
)
from witkit.wasm.types import Component, Defined, Extern, ExternName, Func, Instance, TypeItem


@dataclass(slots=True)
class Decoder:
    """Decodes `package`, and the interfaces of other packages that a binary mentions.

    Of other packages, a binary has only what it uses. Each mention of an interface can add to it.
    """

    package: Package
    types: TypeDecoder
    foreign: dict[str, Package] = field(default_factory=dict)
    own: dict[str, Interface] = field(default_factory=dict)

    def interface(self, name: ExternName, instance: Instance) -> Interface:
        """An interface of the package itself."""
        item = item_name(name, self.types.offset)
        if str(item) in self.own:
            return self.mention(name, instance)
        interface = self._whole(Interface(name=item.item, package=self.package), instance)
        if item.item in self.package.interfaces:
            raise self.types.fail(f"the interface `{item}` is defined twice")
        self.package.interfaces[item.item] = self.own[str(item)] = interface
        return interface

    def _whole(self, interface: Interface, instance: Instance) -> Interface:
        """Fill an interface that is new with everything that an instance exports."""
        for extern in instance.exports.values():
            self._member(interface, extern)
        self.types.resolve.interfaces.append(interface)
        return interface

    def mention(self, name: ExternName, instance: Instance) -> Interface:
        """The interface called `name`, with the exports of `instance` added that it does not have yet.

        An interface of the package itself is complete, so that nothing may be new.
        """
        item = item_name(name, self.types.offset)
        own = self.own.get(str(item))
        interface = own or self._foreign(item)
        for extern in instance.exports.values():
            member = extern.name.text
            known = interface.types.get(member)
            if known is not None and isinstance(extern.item, TypeItem):
                if isinstance(extern.item.referenced, Defined):
                    unify(self.types, known, extern.item.referenced)
                self.types.known.setdefault(extern.item.created, known)
            elif member in interface.functions and isinstance(extern.item, Func):
                continue
            elif own is not None:
                raise self.types.fail(f"`{member}` is not in the interface `{item}`")
            else:
                self._member(interface, extern)
        return interface

    def _foreign(self, item: ItemName) -> Interface:
        package = self.foreign.setdefault(str(item.package), Package(name=item.package))
        interface = package.interfaces.get(item.item)
        if interface is None:
            interface = package.interfaces[item.item] = Interface(name=item.item, package=package)
            self.types.resolve.interfaces.append(interface)
        return interface

    def _member(self, interface: Interface, extern: Extern) -> None:
        name, item = extern.name, extern.item
        if name.text in interface.types or name.text in interface.functions:
            raise self.types.fail(f"the interface `{interface.name}` has two items `{name.text}`")
        match item:
            case TypeItem():
                interface.types[name.text] = self.types.define(name, item, interface)
            case Func():
                interface.functions[name.text] = self.types.function(name, item, interface.types.get)
            case _:
                raise self.types.fail(f"`{name.text}` in an interface is neither a type nor a function")

    def world(self, name: ExternName, component: Component) -> World:
        """A world of the package itself."""
        item = item_name(name, self.types.offset)
        world = World(name=item.item, package=self.package)
        for is_export, externs in ((False, component.imports), (True, component.exports)):
            for extern in externs.values():
                self.item(world, extern, is_export=is_export)
        if item.item in self.package.worlds or item.item in self.package.interfaces:
            raise self.types.fail(f"the package has two items `{item.item}`")
        self.types.resolve.worlds.append(world)
        self.package.worlds[item.item] = world
        return world

    def item(self, world: World, extern: Extern, *, is_export: bool) -> None:
        """Add an import or export to a world. Imports that WIT does not have, such as core modules, are ignored."""
        side = world.exports if is_export else world.imports
        made = self._world_item(world, extern, is_export)
        if made is not None:
            key, item = made
            if key in side:
                raise self.types.fail(f"the world has two items `{extern.name.text}`")
            side[key] = item

    def _world_item(self, world: World, extern: Extern, is_export: bool) -> tuple[WorldKey, WorldItem] | None:
        name = extern.name
        match extern.item:
            case Instance():
                return self._world_interface(name, extern.item)
            case Func():
                return name.text, self.types.function(name, extern.item, world.imports.get)
            case TypeItem() if not is_export:
                return name.text, self.types.define(name, extern.item, world)
        if is_export:
            raise self.types.fail(f"the export `{name.text}` is neither a function nor an instance")
        return None

    def _world_interface(self, name: ExternName, instance: Instance) -> tuple[WorldKey, WorldItem]:
        key: WorldKey
        if "/" in name.text:
            key = interface = self.mention(name, instance)
        elif name.implements is not None:
            key, interface = name.text, self.mention(name, instance)
        else:
            key, interface = name.text, self._whole(Interface(name=None, package=self.package), instance)
        return key, WorldInterface(interface=interface, external_id=name.external_id)
