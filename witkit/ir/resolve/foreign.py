"""Interfaces, worlds and types of other packages, as one package mentions them.

As in wasm-tools, the first mention of an item decides whether it is an interface or a world, and the first mention of
a type decides whether its feature is on. Items are looked up in the order of their first mention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from witkit.ir.model import Interface, Package, Stability, TypeDef, World
from witkit.ir.resolve.attributes import stability_of
from witkit.ir.resolve.context import UNKNOWN, Context
from witkit.ir.resolve.units import NAMELESS, PathMention, Unit, package_name
from witkit.syntax import nodes
from witkit.text import Related
from witkit.text.values import entity

NOT_IN_PACKAGE = "WIT0205"
TYPE_NOT_IN_INTERFACE = "WIT0206"

_MOST_NAMES = 6

Item: TypeAlias = Interface | World


@entity(slots=True, eq=False)
class _Mentioned:
    """An item of another package, by its first mention. `is_ambiguous` if other mentions disagree about its kind."""

    path: nodes.Path
    is_world: bool
    stabilities: list[Stability | None]
    is_ambiguous: bool = False
    found: Item | None = None
    looked_up: bool = False


@entity(slots=True, eq=False)
class Foreign:
    """The items of other packages that one package mentions."""

    context: Context
    unit: Unit
    known: dict[str, Package]
    units: Mapping[str, Unit]
    mentioned: dict[tuple[str, str], _Mentioned] = field(default_factory=dict)
    types: dict[tuple[Interface, str], TypeDef] = field(default_factory=dict)

    def populate(self) -> None:
        """Look up all items, in the order of their first mention."""
        for mention in self.unit.mentions:
            self._mention(mention)
        local = self._top_uses()
        for mention in self.unit.mentions:
            if mention.path.package is None and (key := local.get((mention.file, mention.path.name.name))):
                self.mentioned[key].is_ambiguous |= self.mentioned[key].is_world is not mention.is_world
        for entry in self.mentioned.values():
            entry.found = self._look_up(entry)

    def item(self, path: nodes.Path) -> Item | None:
        assert path.package is not None
        return self.mentioned[str(package_name(path.package)), path.name.name].found

    def type(self, interface: Interface, name: nodes.Id, stability: Stability | None) -> TypeDef:
        """The type `name` of an interface of another package, gated with the stability of its first mention."""
        known = self.types.get((interface, name.name))
        if known is None:
            known = self.types[interface, name.name] = self._type(interface, name, stability)
        return known

    def _may_have(self, package: Package, name: str) -> bool:
        unit = self.units.get(str(package.name))
        return unit is not None and unit.may_define(name)

    def _top_uses(self) -> dict[tuple[int, str], tuple[str, str]]:
        """The local names that `use` at the top of a file gives to items of other packages, by file."""
        found: dict[tuple[int, str], tuple[str, str]] = {}
        for file, items in enumerate(self.unit.files):
            for item in items:
                if isinstance(item, nodes.TopUse) and item.path.package is not None:
                    key = (str(package_name(item.path.package)), item.path.name.name)
                    found.setdefault((file, (item.alias or item.path.name).name), key)
        return found

    def _mention(self, mention: PathMention) -> None:
        package = mention.path.package
        if package is None:
            return
        key = (str(package_name(package)), mention.path.name.name)
        entry = self.mentioned.setdefault(key, _Mentioned(mention.path, mention.is_world, []))
        entry.is_ambiguous |= entry.is_world is not mention.is_world
        entry.stabilities.append(stability_of(mention.attributes, self.context.report))

    def _look_up(self, entry: _Mentioned) -> Item | None:
        named = entry.path.package
        assert named is not None
        package = self.known.get(str(package_name(named)))
        if entry.path.name.is_missing:
            choice = self.choice(named.namespace.name, named.name.name, is_world=entry.is_world)
            if choice:
                self.context.report.explain(named.name.span, choice)
        if package is None or entry.path.name.is_missing:
            # The missing package is reported already. The item is assumed, to find other mistakes in its use.
            missing = Package(name=NAMELESS, docs=None, span=None)
            return _assumed(entry, missing) if entry.is_ambiguous or not entry.is_world else None
        item = entry.path.name
        if not any(self.context.gates.includes(s, item.span) for s in entry.stabilities):
            return self._excluded(entry, package)
        found: Item | None = (package.worlds if entry.is_world else package.interfaces).get(item.name)
        if found is None and entry.is_ambiguous:
            return _assumed(entry, package)
        if found is None and not self._may_have(package, item.name):
            self._not_in_package(entry, package)
        return found

    def choice(self, namespace: str, name: str, *, is_world: bool) -> str:
        """A sentence that lists the interfaces (or worlds) of a package in any version; empty if it has none."""
        units = [u for u in self.units.values() if (u.name.namespace, u.name.name) == (namespace, name)]
        names = [u.name.qualify(each) for u in units for each in u.names(nodes.World if is_world else nodes.Interface)]
        if not names:
            return ""
        what = "worlds" if is_world else "interfaces"
        more = ", …" if len(names) > _MOST_NAMES else ""
        return f"name one of its {what}: {', '.join(f'`{each}`' for each in names[:_MOST_NAMES])}{more}"

    def _excluded(self, entry: _Mentioned, package: Package) -> Item:
        item = _assumed(entry, package)
        self.context.excluded.add(item)
        return item

    def _not_in_package(self, entry: _Mentioned, package: Package) -> None:
        name = entry.path.name
        kind, other_kind = ("world", "interface") if entry.is_world else ("interface", "world")
        wanted, other = package.interfaces, package.worlds
        if entry.is_world:
            other_item: Item | None = package.interfaces.get(name.name)
            help = self.context.report.did_you_mean(name.name, package.worlds)
        else:
            other_item = other.get(name.name)
            help = self.context.report.did_you_mean(name.name, wanted)
        if other_item is not None:
            help = f"`{name.name}` is {'an' if entry.is_world else 'a'} {other_kind}"
        place = (other_item.span if other_item else None) or package.span
        self.context.report.error(
            NOT_IN_PACKAGE,
            f"{kind} `{name.name}` not found in package `{package.name}`",
            name.span,
            related=[Related(place, f"the {other_kind}" if other_item else "the package")] if place else (),
            help=help or "list what it has with `witkit show`; items gated by `@unstable` need `--features`",
        )

    def _type(self, interface: Interface, name: nodes.Id, stability: Stability | None) -> TypeDef:
        gates = self.context.gates
        if interface in self.context.excluded or not gates.includes(stability, name.span):
            excluded = TypeDef(name=name.name, kind=UNKNOWN.kind, owner=interface)
            self.context.excluded.add(excluded)
            return excluded
        found = interface.types.get(name.name)
        if found is not None:
            return found
        if str(interface.package.name) in self.known and not self._may_have(interface.package, name.name):
            help = self.context.report.did_you_mean(name.name, interface.types)
            if name.name in interface.functions:
                help = "only types can be used, not functions"
            self.context.report.error(
                TYPE_NOT_IN_INTERFACE,
                f"type `{name.name}` not defined in interface `{interface.qualified_name}`",
                name.span,
                related=[Related(interface.span, "the interface")] if interface.span else (),
                help=help or "types gated by `@unstable` need `--features`",
            )
        return UNKNOWN


def _assumed(entry: _Mentioned, package: Package) -> Item:
    """An empty item of the kind that its first mention expects: later mentions are compared with it."""
    item: Item
    if entry.is_world:
        item = World(name=entry.path.name.name, package=package)
    else:
        item = Interface(name=entry.path.name.name, package=package)
    item.span = entry.path.name.span
    return item
