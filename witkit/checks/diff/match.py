"""Which element of the old packages is which of the new ones: by names, and for dependencies also by track."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from witkit.checks.diff.packages import Keys, keys
from witkit.checks.diff.verdict import Direction
from witkit.ir import Loaded
from witkit.ir.model import (
    Function,
    Interface,
    Package,
    Resolve,
    Type,
    TypeDef,
    World,
    WorldInterface,
    WorldKey,
    children,
)
from witkit.ir.resolve.elaborate import direct_dependencies
from witkit.ir.toposort import postorder

T = TypeVar("T")
N = TypeVar("N")
Owner: TypeAlias = Interface | World
COMPONENT = "root:component"


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """What is in the old package, in the new one, or in both."""

    old: T | None
    new: T | None


def paired(old: dict[N, T], new: dict[N, T]) -> Iterator[tuple[N, Pair[T]]]:
    """The values of two dictionaries by their keys: in the order of the new one, then what it does not have."""
    for key, value in new.items():
        yield key, Pair(old.get(key), value)
    for key, value in old.items():
        if key not in new:
            yield key, Pair(value, None)


def without_track(name: str) -> str:
    """The key of an interface without the track of its package."""
    package, _, item = name.partition("/")
    return f"{package.partition('@')[0]}/{item}"


@dataclass(slots=True, eq=False)
class Side:
    """One of the two sides of a comparison.

    `main` are the packages to compare: those of the folder or file itself. `interfaces` are theirs and those that
    they need of dependencies, by their keys, which begin with those of the packages. `directions` says for each
    interface whether worlds of `main` import it, export it, or both. `used` are the types that the binaries of guests
    have: those of functions, directly or in other types, and of exported interfaces.
    """

    loaded: Loaded
    main: list[Package]
    keys: Keys
    interfaces: dict[str, Interface] = field(default_factory=dict)
    directions: dict[Interface, set[Direction]] = field(default_factory=dict)
    used: set[TypeDef] = field(default_factory=set)

    def key(self, item: WorldKey) -> str:
        """The key of an interface, or the plain name of an import or export."""
        return item if isinstance(item, str) else f"{self.keys.of[item.package]}/{item.name}"

    @property
    def is_component(self) -> bool:
        """Whether it comes from a component, whose types are in one world and the interfaces that this names."""
        return str(self.main[0].name) == COMPONENT

    @property
    def shown(self) -> str:
        """The file to name if there is no place to show."""
        return self.loaded.files[0] if self.loaded.files else ""

    @property
    def worlds(self) -> Iterator[World]:
        """The worlds of `main`."""
        return (world for package in self.main for world in package.worlds.values())


def _side(loaded: Loaded, resolve: Resolve, keys: Keys) -> Side:
    """What a comparison needs to know about one side."""
    found = Side(loaded, resolve.main, keys)
    for world in found.worlds:
        _add_directions(found, world)
    _add_interfaces(found)
    _add_used(found)
    return found


def _add_interfaces(found: Side) -> None:
    own = (interface for package in found.main for interface in package.interfaces.values())
    known: set[Interface] = set()
    for interface in (*own, *found.directions):
        for needed in postorder(interface, direct_dependencies, known):
            known.add(needed)
            if needed.name is not None:
                found.interfaces.setdefault(found.key(needed), needed)


def _add_directions(found: Side, world: World) -> None:
    directions: tuple[Direction, ...] = ("import", "export")
    for direction, items in zip(directions, (world.imports, world.exports), strict=True):
        for item in items.values():
            if isinstance(item, WorldInterface):
                found.directions.setdefault(item.interface, set()).add(direction)


def _add_used(found: Side) -> None:
    inline = (each for each in found.directions if each.name is None)
    types: list[Type | None] = []
    functions: list[Function] = []
    for interface in (*found.interfaces.values(), *inline):
        functions += interface.functions.values()
        if "export" in found.directions.get(interface, ()):
            types += interface.types.values()
    for world in found.worlds:
        functions += [f for f in (*world.imports.values(), *world.exports.values()) if isinstance(f, Function)]
    for function in functions:
        types += [*(p.type for p in function.params), function.result, function.resource]
    for type_ in types:
        if isinstance(type_, TypeDef):
            for needed in postorder(type_, _typedefs, found.used):
                found.used.add(needed)


def _typedefs(type_: TypeDef) -> Iterator[TypeDef]:
    return (each for each in children(type_) if isinstance(each, TypeDef))


@dataclass(slots=True, eq=False)
class Match:
    """Two sides, and which interface or world of the old one is which of the new one."""

    old: Side
    new: Side
    scopes: dict[Owner, Owner] = field(default_factory=dict)

    @property
    def packages(self) -> list[Pair[Package]]:
        """The packages of both sides that are compared."""
        old, new = ({each.keys.of[p]: p for p in each.main} for each in (self.old, self.new))
        return [pair for _, pair in paired(old, new)]

    @property
    def interfaces(self) -> list[Pair[Interface]]:
        """The interfaces of both sides, those of dependencies that they need included."""
        return [pair for _, pair in paired(self.old.interfaces, self.new.interfaces)]

    def world_items(self, old: World, new: World) -> None:
        """Match what is in the inline interfaces of two worlds."""
        for before, after in ((old.imports, new.imports), (old.exports, new.exports)):
            for key, item in before.items():
                other = after.get(key)
                if isinstance(item, WorldInterface) and isinstance(other, WorldInterface):
                    self.scopes.setdefault(item.interface, other.interface)

    def is_same(self, old: TypeDef, new: TypeDef) -> bool:
        """Whether two named types have one name in one interface or world, whatever they are there."""
        if old.name is None or old.name != new.name or old.owner is None or new.owner is None:
            return False
        return self.scopes.get(old.owner) is new.owner

    def is_left(self, old: TypeDef) -> bool:
        """Whether the new side has a type of the same name in the same interface or world."""
        scope = None if old.owner is None else self.scopes.get(old.owner)
        types = scope.imports if isinstance(scope, World) else scope.types if scope else {}
        return old.name in types


def match(old: Loaded, new: Loaded) -> Match:
    """Match all interfaces and worlds of two sides. Raises WitkitError with the errors of either."""
    before, after = (side.raise_for_errors().resolve for side in (old, new))
    assert before is not None
    assert after is not None
    both = keys(before, after)
    found = Match(_side(old, before, both), _side(new, after, both))
    for pair in found.interfaces:
        if pair.old and pair.new:
            found.scopes[pair.old] = pair.new
    for packages in found.packages:
        if packages.old and packages.new:
            for _, worlds in paired(packages.old.worlds, packages.new.worlds):
                if worlds.old and worlds.new:
                    found.scopes[worlds.old] = worlds.new
                    found.world_items(worlds.old, worlds.new)
    return found
