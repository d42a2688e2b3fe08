"""What the steps that resolve one package share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import TypeAlias

from witkit.ir.model import Function, Interface, Package, Record, Resolve, Stability, TypeDef, World
from witkit.ir.report import Report
from witkit.ir.resolve.attributes import Gates, external_id_of, stability_of
from witkit.ir.resolve.units import Unit
from witkit.ir.written import Written
from witkit.syntax import nodes
from witkit.text import Span
from witkit.text.values import entity, value

UNKNOWN = TypeDef(name=None, kind=Record([]), owner=None)
"""Replaces every type that could not be found: nothing that contains it is reported again."""

Member: TypeAlias = TypeDef | nodes.Function
"""What a name in an interface or world means. A function is entered as its text: it takes a name, but is not a type."""


@entity(slots=True, eq=False)
class MemberScope:
    """The names in one interface or world, each with its place.

    `folded` has the same names without regard to case and hyphens. `expected` are names whose absence is reported
    already, or that a `use` seems to misspell: they are not reported as unknown.
    """

    members: dict[str, tuple[Member, Span]] = field(default_factory=dict)
    folded: dict[str, tuple[str, Span]] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)

    def type(self, name: str) -> TypeDef | None:
        """The type of that name; None for a function, or for nothing."""
        member = self.members.get(name, (None, None))[0]
        return member if isinstance(member, TypeDef) else None

    def types(self) -> Iterator[tuple[str, TypeDef]]:
        return ((name, member) for name, (member, _) in self.members.items() if isinstance(member, TypeDef))

    def type_names(self) -> Iterator[str]:
        return (name for name, _ in self.types())


@entity(slots=True, eq=False)
class TypeArena:
    """The types of one package in the order in which wasm-tools numbers them, before features leave any out.

    `first_mentions` are the anonymous types that each function is the first to mention.
    """

    types: list[TypeDef] = field(default_factory=list)
    first_mentions: dict[Function, list[TypeDef]] = field(default_factory=dict)
    _anonymous: dict[tuple[object, ...], TypeDef] = field(default_factory=dict)

    def intern(self, key: tuple[object, ...], make: Callable[[], TypeDef]) -> TypeDef:
        """The anonymous type with this key: the one that is there, or the one that `make` gives."""
        known = self._anonymous.get(key)
        if known is None:
            known = self._anonymous[key] = make()
            self.types.append(known)
        return known


@value(frozen=True, slots=True, eq=False)
class Inclusion:
    """An `include` whose world was found."""

    world: World
    stability: Stability | None
    renames: list[nodes.UsedName]
    span: Span


@entity(slots=True, eq=False)
class PackageDraft:
    """The interfaces and worlds of one package while names are looked up, before features leave any out.

    Both lists are in the order in which wasm-tools numbers them, inline interfaces among the interfaces. Of `cyclic`
    items, which depend on themselves, nothing can be looked up.
    """

    interfaces: list[Interface] = field(default_factory=list)
    worlds: list[World] = field(default_factory=list)
    scopes: dict[Interface, MemberScope] = field(default_factory=dict)
    inclusions: dict[World, list[Inclusion]] = field(default_factory=dict)
    cyclic: set[Interface | World] = field(default_factory=set)


@value(frozen=True, slots=True, eq=False)
class Context:
    """One package on its way from its text, `unit`, into `resolve`.

    First, all names are looked up, into `draft` and `arena`. Then `finish` moves what the features let through into
    `resolve` and `package`. What they leave out, here or of other packages, is `excluded`.
    """

    unit: Unit
    package: Package
    resolve: Resolve
    written: Written
    gates: Gates
    report: Report
    draft: PackageDraft = field(default_factory=PackageDraft)
    arena: TypeArena = field(default_factory=TypeArena)
    excluded: set[TypeDef | Interface | World] = field(default_factory=set)

    def stability(self, item: nodes.Item) -> Stability | None:
        return stability_of(item.attributes, self.report) if item.attributes else None

    def external_id(self, item: nodes.Item) -> str | None:
        return external_id_of(item.attributes, self.report) if item.attributes else None
