"""The gates that items had in the package to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from witkit.checks.context import Context
from witkit.ir import Loaded, model
from witkit.ir.model import Stability
from witkit.syntax import nodes


@dataclass(frozen=True, slots=True)
class Before:
    """A package as it was. `gates` has the stability of each item that it had, or that of what the item was in.

    Items whose feature was off are not among them.
    """

    version: str
    gates: Mapping[str, Stability | None]


def before(context: Context) -> Before | None:
    """The package of an item as it was. None if there was none, or if its gates say nothing about those of today.

    They do if both versions are compatible: with 1.0.0, and with each release candidate, history begins again.
    """
    against, now = context.settings.against, context.package.name
    if against is None:
        return None
    from witkit.abi.versions import track  # all of `witkit.abi` comes with it, and few checks need it

    found = context.once(_packages, against).get((now.namespace, now.name))
    version = found.name.version if found is not None else None
    if found is None or version is None or now.version is None or track(version) != track(now.version):
        return None
    return Before(version, context.once(_gates, found))


def keys(item: nodes.Node, context: Context) -> list[str]:
    """The names of an item among `Before.gates`: several for a `use` of several names."""
    outer = around(context)
    path = f"{outer}." if outer else ""
    if isinstance(item, nodes.Use):
        return [f"{path}{(each.alias or each.name).name}" for each in item.names]
    name = _name(item, context)
    return [f"{path}{name}"] if name else []


def around(context: Context) -> str:
    """The name, among `Before.gates`, of what an item is in; empty for items of a file."""
    return ".".join(name for node in context.parents if (name := _name(node, context)))


def _name(node: nodes.Node, context: Context) -> str:
    """The part of a node in keys; empty for a node that is not named in them, or whose feature is off."""
    if isinstance(node, nodes.Extern):
        if node.name is not None:
            return f"{node.direction} {node.name.name}"
        item = context.element(node)
        return f"{node.direction} {_base(item.interface)}" if isinstance(item, model.WorldInterface) else ""
    if isinstance(node, nodes.PackageHeader | nodes.NestedPackage | nodes.Path):
        return ""
    name = getattr(node, "name", None)
    return name.name if isinstance(node, nodes.Item) and isinstance(name, nodes.Id) else ""


def _packages(loaded: Loaded) -> dict[tuple[str, str], model.Package]:
    packages = loaded.resolve.main if loaded.resolve is not None else []
    return {(package.name.namespace, package.name.name): package for package in packages}


def _gates(package: model.Package) -> dict[str, Stability | None]:
    found: dict[str, Stability | None] = {}
    for interface in package.interfaces.values():
        found[str(interface.name)] = interface.stability
        found.update(_members(f"{interface.name}.", interface, interface.stability))
    for world in package.worlds.values():
        found[world.name] = world.stability
        for verb, items in (("import", world.imports), ("export", world.exports)):
            for key, item in items.items():
                found.update(_world_item(world, verb, key, item))
    return found


def _world_item(
    world: model.World, verb: str, key: model.WorldKey, item: model.WorldItem
) -> Iterator[tuple[str, Stability | None]]:
    stability = item.stability or world.stability
    if isinstance(key, model.Interface):
        yield f"{world.name}.{verb} {_base(key)}", stability
    elif isinstance(item, model.TypeDef):
        yield f"{world.name}.{key}", stability
    elif isinstance(item, model.Function) and item.resource is not None:
        yield f"{world.name}.{item.resource.name}.{item.item_name}", stability
    else:
        yield f"{world.name}.{verb} {key}", stability
        if isinstance(item, model.WorldInterface) and item.interface.name is None:
            yield from _members(f"{world.name}.{verb} {key}.", item.interface, stability)


def _members(path: str, interface: model.Interface, around: Stability | None) -> Iterator[tuple[str, Stability | None]]:
    for name, type_ in interface.types.items():
        yield path + name, type_.stability or around
    for function in interface.functions.values():
        resource = function.resource
        middle = f"{resource.name}." if resource is not None else ""
        outer = resource.stability if resource is not None else None
        yield path + middle + function.item_name, function.stability or outer or around


def _base(interface: model.Interface) -> str:
    """The full name of an interface without its version."""
    return str(interface.qualified_name).partition("@")[0]
