"""The union and the intersection of worlds, for a guest that uses several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from witkit.ir.model import Package, PackageName, Resolve, World, WorldItem, WorldKey
from witkit.ir.show.wit import to_wit

PACKAGE: Final = PackageName("witkit", "union")


class Clash(ValueError):
    """Two worlds have different items with one name."""

    def __init__(self, name: str, first: World, second: World) -> None:
        super().__init__(name)
        self.name, self.first, self.second = name, first, second


def unite(name: str, worlds: Sequence[World]) -> World:
    """A world called `name` with the imports and exports of all worlds, those of the first one first.

    The worlds must be of one `Resolve`. An interface that several import or export is there once. Raises `Clash` if
    two worlds have different functions, types or inline interfaces with one name.
    """
    world = World(name=name, package=Package(name=PACKAGE), docs=worlds[0].docs if len(worlds) == 1 else None)
    owners: dict[tuple[bool, WorldKey], World] = {}
    for part in worlds:
        for is_export, items, into in ((False, part.imports, world.imports), (True, part.exports, world.exports)):
            for key, item in items.items():
                owner = owners.setdefault((is_export, key), part)
                if key in into and isinstance(key, str) and into[key] is not item:
                    raise Clash(key, owner, part)
                into.setdefault(key, item)
    world.package.worlds[name] = world
    return world


def intersect(world: World, other: World) -> World:
    """`world` with only those imports and exports whose names `other` has, too."""
    return World(
        name=world.name,
        package=world.package,
        docs=world.docs,
        span=world.span,
        imports=_shared(world.imports, other.imports),
        exports=_shared(world.exports, other.exports),
    )


def union_to_wit(resolve: Resolve, world: World) -> str:
    """A world that was made here, with all packages of `resolve`, as the text of one WIT file."""
    package = Package(name=PACKAGE, worlds={world.name: world})
    return to_wit(Resolve([*resolve.packages, package], resolve.worlds, resolve.interfaces, resolve.types, [package]))


def _shared(items: dict[WorldKey, WorldItem], other: dict[WorldKey, WorldItem]) -> dict[WorldKey, WorldItem]:
    names = {_name(key) for key in other}
    return {key: item for key, item in items.items() if _name(key) in names}


def _name(key: WorldKey) -> str | None:
    return key if isinstance(key, str) else key.qualified_name
