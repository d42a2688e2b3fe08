"""Worlds as written: types, imports and exports. `include` and elaboration come later.

Imports start with the world's types, `use`d ones first; imports and exports follow in the order of the text.
"""

from __future__ import annotations

from dataclasses import field

from witkit._names import folded
from witkit.ir.model import Interface, World, WorldInterface, WorldItem, WorldKey
from witkit.ir.report import first_defined, way_out
from witkit.ir.resolve.context import Inclusion, MemberScope
from witkit.ir.resolve.definitions import define_types
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.functions import free_function
from witkit.ir.resolve.interfaces import resolve_interface, resolve_uses
from witkit.ir.resolve.items import UNKNOWN_ITEM, Items
from witkit.ir.resolve.resources import resource_functions
from witkit.ir.resolve.scopes import TOO_ALIKE
from witkit.ir.resolve.types import TypeResolver
from witkit.ir.written import Entry, WorldText
from witkit.syntax import nodes
from witkit.text import Span
from witkit.text.values import entity

EXTERN_CONFLICT = "WIT0213"
INTERFACE_TWICE = "WIT0214"


@entity(slots=True, eq=False)
class _Side:
    """The imports or the exports of one world while they are collected."""

    verb: str
    into: dict[WorldKey, WorldItem]
    text: WorldText
    interfaces: dict[Interface, Span] = field(default_factory=dict)
    names: dict[str, tuple[str, str, Span]] = field(default_factory=dict)

    def add(self, key: WorldKey, item: WorldItem) -> None:
        self.into[key] = item
        self.text.entries.append(Entry(self.verb == "export", key, item))


def resolve_world(items: Items, file: int, world: World, node: nodes.World) -> None:
    """Fill `world` from its text."""
    context = items.context
    world.docs = docs_of(node.comments)
    world.stability = context.stability(node)
    scope = MemberScope()
    types = TypeResolver(context, scope)
    resolve_uses(items, file, types, world, node.items)
    define_types(types, world, node.items)
    context.draft.inclusions[world] = _includes(items, file, node)
    text = context.written.worlds[world] = WorldText()
    imports, exports = _Side("import", world.imports, text), _Side("export", world.exports, text)
    for name, type_ in scope.types():
        world.imports[name] = type_
        text.types.append(type_)
        imports.names[folded(name)] = (name, "type", scope.members[name][1])
    for member in node.items:
        if isinstance(member, nodes.Resource):
            for function in resource_functions(types, member):
                imports.add(function.name, function)
        elif isinstance(member, nodes.Extern):
            side = imports if member.direction is nodes.Direction.IMPORT else exports
            _extern(items, file, types, world, member, side)


def _includes(items: Items, file: int, node: nodes.World) -> list[Inclusion]:
    found: list[Inclusion] = []
    for include in node.items:
        if isinstance(include, nodes.Include):
            stability = items.context.stability(include)
            target = items.world(file, include.path)
            if target is not None:
                found.append(Inclusion(target, stability, include.renames, include.path.name.span))
    return found


def _extern(items: Items, file: int, types: TypeResolver, world: World, node: nodes.Extern, side: _Side) -> None:
    """One import or export; the kinds differ in what they add and under which key."""
    context = items.context
    item: WorldItem
    key: WorldKey
    if isinstance(node.kind, nodes.Signature):
        assert node.name is not None
        key, kind, span = node.name.name, "func", node.name.span
        item = free_function(types, node, node.name, node.kind)
    else:
        external_id = context.external_id(node)
        docs = None
        if isinstance(node.kind, nodes.InlineInterface):
            assert node.name is not None
            span = node.name.span
            interface: Interface | None = Interface(name=None, package=context.package, span=span)
            assert interface is not None
            context.draft.interfaces.append(interface)
            resolve_interface(items, file, interface, node, node.kind.items)
            stability = interface.stability
        else:
            span = node.name.span if node.name else node.kind.name.span
            stability = context.stability(node)
            if _is_package(items, file, node.name, node.kind, side.verb):
                return
            interface = items.interface(file, node.kind)
            docs = docs_of(node.comments)
            if interface is None:
                return
            if node.name is None and not _once(items, side, interface, node.kind):
                return
        key, kind = (node.name.name if node.name else interface), "interface"
        item = WorldInterface(interface=interface, external_id=external_id, docs=docs, stability=stability, span=span)
    if isinstance(key, str) and not _free(items, side, key, kind, span):
        return
    side.add(key, item)


def _is_package(items: Items, file: int, label: nodes.Id | None, path: nodes.Path, verb: str) -> bool:
    """Whether `import ns:name;` means a package of that name (which is reported), not `name` with the label `ns`."""
    if label is None or path.package is not None or items.find(file, path, is_quiet=True) is not None:
        return False
    choice = items.foreign.choice(label.name, path.name.name, is_world=False)
    if choice:
        message = f"`{label.name}:{path.name.name}` is a package, and a world {verb}s interfaces"
        items.context.report.error(UNKNOWN_ITEM, message, path.name.span, help=choice)
    return bool(choice)


def _once(items: Items, side: _Side, interface: Interface, path: nodes.Path) -> bool:
    previous = side.interfaces.setdefault(interface, path.name.span)
    if previous is path.name.span:
        return True
    items.context.report.error(
        INTERFACE_TWICE,
        f"interface `{interface.name}` cannot be {side.verb}ed more than once",
        path.name.span,
        related=first_defined(previous),
        help=f"remove one of the two, or give this one a label: `{side.verb} label: {path.span.text};`",
    )
    return False


def _free(items: Items, side: _Side, name: str, kind: str, span: Span) -> bool:
    """Whether the name is still free among the imports (or exports), without regard to case and hyphens."""
    before, before_kind, place = side.names.setdefault(folded(name), (name, kind, span))
    if place is span:
        return True
    if before == name:
        code, message = EXTERN_CONFLICT, f"{side.verb} `{name}` conflicts with prior {before_kind} of same name"
    else:
        code, message = TOO_ALIKE, f"name `{name}` conflicts with previous name `{before}`"
    items.context.report.error(code, message, span, related=first_defined(place), help=way_out(name, before))
    return False
