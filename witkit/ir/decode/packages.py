"""Sorts what was decoded: packages come before those that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from witkit.ir.decode.interfaces import Decoder
from witkit.ir.model import Package, Resolve, TypeDef, World, WorldInterface
from witkit.ir.resolve.elaborate import direct_dependencies, used_interface

_T = TypeVar("_T")


def finish(decoder: Decoder) -> Resolve:
    """The resolved packages: other packages, dependencies first, and then the binary's own.

    Raises BadWasm if interfaces or packages use each other in a cycle.
    """
    resolve, main = decoder.types.resolve, decoder.package
    if ordered(resolve.interfaces, direct_dependencies) is None:
        raise decoder.types.fail("interfaces use each other's types in a cycle")
    for world in resolve.worlds:
        _complete(world)
    packages = ordered(decoder.foreign.values(), _dependencies)
    if packages is None:
        raise decoder.types.fail("packages use each other's interfaces in a cycle")
    same = decoder.foreign.get(str(main.name))
    if same is not None:
        _take_over(same, main, decoder)
    resolve.packages = [main if p is same else p for p in packages]
    if same is None:
        resolve.packages.append(main)
    resolve.main = [main]
    return resolve


def _complete(world: World) -> None:
    """Import the interfaces whose types a world uses. A well-formed binary does so itself."""
    items = [*world.imports.values(), *world.exports.values()]
    own = [item.interface for item in items if isinstance(item, WorldInterface)]
    needed = [dependency for interface in own for dependency in direct_dependencies(interface)]
    needed += [i for item in items if isinstance(item, TypeDef) and (i := used_interface(item)) is not None]
    for interface in ordered(needed, direct_dependencies) or ():
        if interface.name is not None and interface not in world.exports:
            world.imports.setdefault(interface, WorldInterface(interface=interface))


def _take_over(same: Package, main: Package, decoder: Decoder) -> None:
    """Move interfaces that only a world mentions to the package whose name they have."""
    for name, interface in same.interfaces.items():
        if name in main.interfaces or name in main.worlds:
            raise decoder.types.fail(f"the package has two items `{name}`")
        main.interfaces[name] = interface
        interface.package = main


def _dependencies(package: Package) -> Iterator[Package]:
    for interface in package.interfaces.values():
        yield from (i.package for i in direct_dependencies(interface) if i.package is not package)


def ordered(nodes: Iterable[_T], children: Callable[[_T], Iterable[_T]]) -> list[_T] | None:
    """All that the nodes lead to, children first, each once; None if there is a cycle."""
    done: dict[_T, None] = {}
    for start in nodes:
        stack = [] if start in done else [(start, iter(children(start)))]
        entered = {start}
        while stack:
            _, rest = stack[-1]
            following = next((child for child in rest if child not in done), None)
            if following is None:
                done[stack.pop()[0]] = None
            elif following in entered:
                return None
            else:
                entered.add(following)
                stack.append((following, iter(children(following))))
    return list(done)
