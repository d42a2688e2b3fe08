"""Keeps the order of packages when they are printed."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.ir.model import Interface, Package, Resolve, World, WorldInterface
from witkit.ir.resolve.elaborate import direct_dependencies, used_interface
from witkit.ir.resolve.units import package_order
from witkit.ir.written import Written

NamedInterface = tuple[Interface, str]
"""An interface to name at the top of a package, and a free name for it."""


def extra_uses(resolve: Resolve, written: Written) -> dict[Package, list[NamedInterface]]:
    """What packages must name at their top so that reading the text keeps the order of the packages.

    A package's dependencies are read in the order of their first mention. That can change in printed text, because
    items are sorted, and because items that features leave out are missing, together with what they mention.
    """
    extra: dict[Package, list[NamedInterface]] = {}
    for _ in range(len(resolve.packages) ** 2):
        order = _simulate(resolve, written, extra)
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
    """An interface that `early` can name to be read later: one of the package that should be at index `wrong`.

    If that package has only worlds, which `use` cannot name, take one of the packages that follow and lead to it.
    """
    for package in resolve.packages[wrong : resolve.packages.index(early)]:
        interface = next(iter(package.interfaces.values()), None)
        if interface is not None and interface not in named:
            return interface
    return None


def mentioned_packages(package: Package, written: Written) -> Iterator[Package]:
    """Other packages, in the order in which the printed text of `package` mentions them."""
    for interface in package.interfaces.values():
        yield from (i.package for i in direct_dependencies(interface))
    for world in package.worlds.values():
        yield from _of_world(world, written)


def _of_world(world: World, written: Written) -> Iterator[Package]:
    text = written.text_of(world)
    yield from (include.world.package for include in text.includes)
    yield from (i.package for t in text.types if (i := used_interface(t)) is not None)
    for is_export in (False, True):
        for entry in text.entries:
            item = entry.item
            if entry.is_export is is_export and isinstance(item, WorldInterface):
                if item.interface.name is None:
                    yield from (i.package for i in direct_dependencies(item.interface))
                else:
                    yield item.interface.package


def _simulate(resolve: Resolve, written: Written, extra: dict[Package, list[NamedInterface]]) -> list[Package]:
    """The order in which the printed packages would be read again."""
    order: dict[Package, None] = {}
    known = set(resolve.packages)
    for root in sorted(resolve.packages, key=lambda p: package_order(p.name)):
        stack = [(root, _mentions(root, written, extra))]
        entered = {root}
        while stack:
            package, rest = stack[-1]
            following = next((p for p in rest if p in known and p not in order and p not in entered), None)
            if following is None:
                stack.pop()
                order.setdefault(package)
            else:
                entered.add(following)
                stack.append((following, _mentions(following, written, extra)))
    return list(order)


def _mentions(package: Package, written: Written, extra: dict[Package, list[NamedInterface]]) -> Iterator[Package]:
    yield from (interface.package for interface, _ in extra.get(package, []))
    yield from mentioned_packages(package, written)


def _free_name(package: Package, number: int) -> str:
    name = f"unused{number}"
    while name in package.interfaces or name in package.worlds:
        name += "x"
    return name
