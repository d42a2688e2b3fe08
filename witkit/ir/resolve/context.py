"""What the resolver of one package shares between its rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from witkit.ir.model import Function, Interface, Package, Record, Resolve, Stability, TypeDef, World
from witkit.ir.report import Report
from witkit.ir.resolve.attributes import Gates, external_id_of, stability_of
from witkit.ir.resolve.units import Unit
from witkit.syntax import nodes
from witkit.text import Span

UNKNOWN = TypeDef(name=None, kind=Record([]), owner=None)
"""Stands for every type that could not be found out: nothing that contains it is complained about again."""

Member: TypeAlias = "TypeDef | None"
"""What a name of an interface means: a type, or (None) a function."""


@dataclass(slots=True, eq=False)
class Scope:
    """The names of one interface or world, each with its place.

    `meant` are names that a `use` misspells, as it seems: where they stand rightly, nothing is said again.
    """

    members: dict[str, tuple[Member, Span]] = field(default_factory=dict)
    folded: dict[str, tuple[str, Span]] = field(default_factory=dict)
    meant: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Context:
    """One package on its way into `resolve`.

    First all names are resolved: `types`, `interfaces` and `worlds` grow in the order of the reference's
    first arenas. Then `finish` moves what the features let through into `resolve`; what they do
    not is in `excluded`. `allocated` are the anonymous types that each function brought.
    """

    resolve: Resolve
    unit: Unit
    package: Package
    gates: Gates
    report: Report
    types: list[TypeDef] = field(default_factory=list)
    interned: dict[tuple[object, ...], TypeDef] = field(default_factory=dict)
    interfaces: list[Interface] = field(default_factory=list)
    worlds: list[World] = field(default_factory=list)
    scopes: dict[Interface, Scope] = field(default_factory=dict)
    includes: dict[World, list[Included]] = field(default_factory=dict)
    excluded: set[TypeDef | Interface | World] = field(default_factory=set)
    unfinished: set[Interface | World] = field(default_factory=set)
    allocated: dict[Function, list[TypeDef]] = field(default_factory=dict)
    stand_ins: int = 0
    foreign_types: dict[tuple[Interface, str], TypeDef] = field(default_factory=dict)

    def stability(self, item: nodes.Item) -> Stability | None:
        return stability_of(item.attributes, self.report) if item.attributes else None

    def external_id(self, item: nodes.Item) -> str | None:
        return external_id_of(item.attributes, self.report) if item.attributes else None


@dataclass(frozen=True, slots=True, eq=False)
class Included:
    """An `include` whose world was found."""

    world: World
    stability: Stability | None
    renames: list[nodes.UsedName]
    span: Span
