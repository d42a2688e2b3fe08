"""Between tree and model: what a node became, and the node that an element was made from.

Both have the place of the same name, so neither has to know the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.syntax.walk import walk
from witkit.text import Span

Element: TypeAlias = "model.Element | model.Package"
Place: TypeAlias = tuple[int, int]


def name_span(node: object) -> Span | None:
    """The place of an item's name; for an item without one, of the interface or world that it refers to."""
    if isinstance(node, nodes.UsedName):
        return (node.alias or node.name).span
    if isinstance(node, nodes.Use | nodes.TopUse | nodes.Include):
        return node.path.name.span
    if isinstance(node, nodes.Extern) and isinstance(node.kind, nodes.Path) and node.name is None:
        return node.kind.name.span
    name = getattr(node, "name", None) if isinstance(node, nodes.Item) else None
    return name.span if isinstance(name, nodes.Id | nodes.PackageName) else None


@dataclass(slots=True, eq=False)
class ElementIndex:
    """The elements of the packages that are checked, and their nodes, by the places of their names."""

    loaded: Loaded
    _elements: dict[Place, Element] = field(default_factory=dict)
    _nodes: dict[Place, nodes.Item] = field(default_factory=dict)

    def element(self, node: object) -> Element | None:
        """What an item became; None for other nodes, and for an item whose feature is off."""
        if not self._elements:
            self._fill()
        span = None if isinstance(node, nodes.Path) else name_span(node)
        return self._elements.get(_place(span)) if span else None

    def node(self, element: Element) -> nodes.Item | None:
        """The item that became an element; None for an element of another package."""
        if not self._nodes:
            for tree in self.loaded.trees:
                self._nodes |= {_place(span): node for node in _items(tree) if (span := name_span(node)) is not None}
        return self._nodes.get(_place(element.span)) if element.span else None

    def _fill(self) -> None:
        assert self.loaded.resolve is not None
        for element in _elements_of(self.loaded.resolve.main):
            if element.span is not None:
                # What an `include` brings in has the place of the original, which was resolved before it.
                self._elements.setdefault(_place(element.span), element)


def _place(span: Span) -> Place:
    return id(span.source), span.start


def _items(tree: nodes.File) -> Iterator[nodes.Item]:
    return (node for node, _ in walk(tree) if isinstance(node, nodes.Item) and not isinstance(node, nodes.Path))


def _elements_of(packages: list[model.Package]) -> Iterator[Element]:
    for package in packages:
        yield package
        for interface in package.interfaces.values():
            yield from _elements_of_interface(interface)
        for world in package.worlds.values():
            yield world
            for item in (*world.imports.values(), *world.exports.values()):
                yield from _elements_of_extern(item)


def _elements_of_extern(item: model.WorldItem) -> Iterator[Element]:
    if isinstance(item, model.WorldInterface):
        yield item
        if item.interface.name is None:
            yield from _members_of(item.interface)
    elif isinstance(item, model.TypeDef | model.Function):
        yield from _with_parts(item)


def _elements_of_interface(interface: model.Interface) -> Iterator[Element]:
    yield interface
    yield from _members_of(interface)


def _members_of(interface: model.Interface) -> Iterator[Element]:
    for type_ in interface.types.values():
        yield from _with_parts(type_)
    for function in interface.functions.values():
        yield from _with_parts(function)


def _with_parts(member: model.TypeDef | model.Function) -> Iterator[Element]:
    yield member
    match member:
        case model.Function():
            yield from member.declared_params
        case model.TypeDef(kind=model.Record(parts)):
            yield from parts
        case model.TypeDef(kind=model.Variant(cases) | model.Enum(cases) | model.Flags(cases)):
            yield from cases
