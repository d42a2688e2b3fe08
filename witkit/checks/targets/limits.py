"""The limits of the chosen target that a package runs into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from witkit.checks.context import Context
from witkit.checks.rule import Finding
from witkit.checks.settings import target_version
from witkit.checks.targets.componentize_py import componentize_py
from witkit.checks.targets.jco import jco
from witkit.checks.targets.limit import Limit
from witkit.checks.targets.wasmtime_py import wasmtime_py
from witkit.ir import Loaded
from witkit.ir.model import Package, World, WorldInterface
from witkit.syntax import nodes
from witkit.text import Related, Span

TOOLS: Final[Mapping[str, Callable[[World, str], Iterator[Limit]]]] = {
    "componentize-py": componentize_py,
    "jco": jco,
    "wasmtime-py": wasmtime_py,
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A limit at a place in the package's own files. `origin` is its real place, if that is in a dependency."""

    limit: Limit
    place: Span
    origin: Span | None = None


def findings(rule: str, file: nodes.File, context: Context) -> Iterator[Finding]:
    """The findings of one rule in a file."""
    assert context.settings.target is not None
    for each in context.once(limits, context.loaded, context.settings.target):
        if each.limit.rule == rule and each.place.source is file.source:
            related = (Related(each.origin, "it is here"),) if each.origin else ()
            yield Finding(each.place, each.limit.message, each.limit.help, related=related)


def limits(loaded: Loaded, target: str) -> list[_Placed]:
    """What a target cannot carry of the package's worlds, and of the interfaces that no world has: each once.

    What is in a dependency is placed at the world that needs it.
    """
    chosen = target_version(target)
    assert loaded.resolve is not None
    assert chosen is not None
    name, version = chosen
    own = {tree.source for tree in loaded.trees}
    found: dict[tuple[str, Span | None], _Placed] = {}
    for package in loaded.resolve.main:
        for world in (*package.worlds.values(), *_alone(package)):
            for limit in TOOLS[name](world, version):
                in_text = limit.span is not None and limit.span.source in own
                place = limit.span if in_text else world.span
                if place is not None:
                    origin = None if in_text else limit.span
                    found.setdefault((limit.message, limit.span), _Placed(limit, place, origin))
    return list(found.values())


def _alone(package: Package) -> Iterator[World]:
    """For each interface that no world of its package has, a world that imports it, as guests will do."""
    items = (item for world in package.worlds.values() for of in (world.imports, world.exports) for item in of.values())
    placed = {id(item.interface) for item in items if isinstance(item, WorldInterface)}
    for interface in package.interfaces.values():
        if id(interface) not in placed:
            item = WorldInterface(interface=interface, span=interface.span)
            yield World(name="imports", package=package, imports={interface: item}, span=interface.span)
