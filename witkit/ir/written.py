"""What a load knows and the model does not keep: what `witkit.ir.show` needs to print packages.

The model has a world as it is in the end, with everything that `include` and elaboration add to it, and only the items
that the features let through. Text that is printed from it resolves to the same ids only if it has the world's own
items alone, and stand-ins for the functions that the features leave out (`witkit.ir.resolve.left_out`). The JSON of
wasm-tools also says which inline interface an `include` has copied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import NamedTuple

from witkit.ir.model import Function, Interface, Package, Stability, TypeDef, World, WorldItem, WorldKey
from witkit.text import Span
from witkit.text.values import entity


class Entry(NamedTuple):
    """One import or export that the text of a world has."""

    is_export: bool
    key: WorldKey
    item: WorldItem


@entity(slots=True, eq=False)
class IncludeText:
    """`include world with { … }`: `renames` are pairs of old and new names. `span` is the place of the world's name."""

    world: World
    renames: list[tuple[str, str]]
    stability: Stability | None
    span: Span


@entity(slots=True, eq=False)
class WorldText:
    """The types, imports and exports of a world before `include` and elaboration.

    `entries` include the functions of the world's resources. `entries` and `includes` also have items of other
    packages whose feature is off: they still name a dependency.
    """

    types: list[TypeDef] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    includes: list[IncludeText] = field(default_factory=list)


@entity(slots=True, eq=False)
class PackageText:
    """The interfaces and worlds to print for a package, with shells of those that the features leave out."""

    interfaces: list[Interface]
    worlds: list[World]


@entity(slots=True, eq=False)
class Written:
    """What printers need of one load and the model does not have.

    `packages`, `functions` and `worlds` are for text: an element without an entry is printed as the model has it, as
    everything in a binary is. `originals` leads from each inline interface that an `include` has copied, or the
    decoder of a core module, to the one that it was copied from.
    """

    packages: dict[Package, PackageText] = field(default_factory=dict)
    functions: dict[Interface, list[Function]] = field(default_factory=dict)
    worlds: dict[World, WorldText] = field(default_factory=dict)
    originals: dict[Interface, Interface] = field(default_factory=dict)

    def interfaces_of(self, package: Package) -> Iterable[Interface]:
        """The interfaces to print for a package, in order."""
        text = self.packages.get(package)
        return package.interfaces.values() if text is None else text.interfaces

    def worlds_of(self, package: Package) -> Iterable[World]:
        """The worlds to print for a package, in order."""
        text = self.packages.get(package)
        return package.worlds.values() if text is None else text.worlds

    def functions_of(self, interface: Interface) -> Iterable[Function]:
        """The functions to print for an interface, in order."""
        return self.functions.get(interface, interface.functions.values())

    def text_of(self, world: World) -> WorldText:
        """What to print for a world."""
        text = self.worlds.get(world)
        return _everything(world) if text is None else text


def _everything(world: World) -> WorldText:
    """All that a world has, as if its text had it."""
    types = [item for item in world.imports.values() if isinstance(item, TypeDef)]
    entries = [
        Entry(is_export, key, item)
        for is_export, items in ((False, world.imports), (True, world.exports))
        for key, item in items.items()
        if not isinstance(item, TypeDef)
    ]
    # Functions of resources first: they are printed inside their types, before which nothing must be printed.
    entries.sort(key=lambda entry: not isinstance(entry.item, Function) or entry.item.resource is None)
    return WorldText(types, entries)
