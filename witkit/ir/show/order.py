"""Keeps the order of packages when their text is printed."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.ir.model import (
    Function,
    Interface,
    Package,
    Resolve,
    TypeDef,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
    Written,
)
from witkit.ir.resolve.elaborate import direct_dependencies, used_interface
from witkit.ir.resolve.units import package_order


def extra_uses(resolve: Resolve) -> dict[Package, list[tuple[Interface, str]]]:
    """What packages must name at their top (interface, and a free name for it) so that reading keeps their order.

    A package's dependencies are read in the order of their first mention. Printing sorts items, and items
    that features left out mention nothing any more, so that another order may come out.
    """
    extra: dict[Package, list[tuple[Interface, str]]] = {}
    for _ in range(len(resolve.packages) ** 2):
        order = _simulate(resolve, extra)
        wrong = next((k for k, p in enumerate(resolve.packages) if order[k] is not p), None)
        if wrong is None:
            break
        early = order[wrong]
        interface = _to_name(resolve, wrong, early, [i for i, _ in extra.get(early, [])])
        if interface is None:
            break
        extra.setdefault(early, []).insert(0, (interface, _free_name(early, len(extra.get(early, [])))))
    return extra


def _to_name(resolve: Resolve, wrong: int, early: Package, named: list[Interface]) -> Interface | None:
    """An interface that `early` can name to be read later: of the package that should stand at `wrong`.

    That one may have worlds alone, which no `use` can name: then one of those that follow, and lead to it.
    """
    for package in resolve.packages[wrong : resolve.packages.index(early)]:
        interface = next(iter(package.interfaces.values()), None)
        if interface is not None and interface not in named:
            return interface
    return None


def mentioned_packages(package: Package) -> Iterator[Package]:
    """Other packages in the order in which the printed text of `package` names them."""
    for interface in package.interfaces.values():
        yield from (i.package for i in direct_dependencies(interface))
    for world in package.worlds.values():
        yield from _of_world(world)


def written_of(world: World) -> Written:
    """The world's own items; everything that it has, where nothing tells."""
    if world.written is not None:
        return world.written
    sides = ((False, world.imports), (True, world.exports))
    types = [i for i in world.imports.values() if isinstance(i, TypeDef)]
    items: list[tuple[bool, WorldKey, WorldItem]] = [
        (export, k, i) for export, side in sides for k, i in side.items() if not isinstance(i, TypeDef)
    ]
    # Functions of resources first: they stand where their types do, and nothing has to stand before those.
    items.sort(key=lambda entry: not isinstance(entry[2], Function) or entry[2].resource is None)
    return Written(types, items)


def _of_world(world: World) -> Iterator[Package]:
    written = written_of(world)
    yield from (include.world.package for include in written.includes)
    yield from (i.package for t in written.types if (i := used_interface(t)) is not None)
    for is_export in (False, True):
        for export, _, item in written.items:
            if export is is_export and isinstance(item, WorldInterface):
                if item.interface.name is None:
                    yield from (i.package for i in direct_dependencies(item.interface))
                else:
                    yield item.interface.package


def _simulate(resolve: Resolve, extra: dict[Package, list[tuple[Interface, str]]]) -> list[Package]:
    """The order in which the printed packages would be read."""
    order: dict[Package, None] = {}
    known = set(resolve.packages)
    for root in sorted(resolve.packages, key=lambda p: package_order(p.name)):
        stack = [(root, _mentions(root, extra))]
        entered = {root}
        while stack:
            package, rest = stack[-1]
            following = next((p for p in rest if p in known and p not in order and p not in entered), None)
            if following is None:
                stack.pop()
                order.setdefault(package)
            else:
                entered.add(following)
                stack.append((following, _mentions(following, extra)))
    return list(order)


def _mentions(package: Package, extra: dict[Package, list[tuple[Interface, str]]]) -> Iterator[Package]:
    yield from (interface.package for interface, _ in extra.get(package, []))
    yield from mentioned_packages(package)


def _free_name(package: Package, number: int) -> str:
    name = f"unused{number}"
    while name in package.interfaces or name in package.worlds:
        name += "x"
    return name
