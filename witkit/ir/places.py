"""Between tree and model: the node that an element was made from, and the element that a node became.

Neither refers to the other. Both have the place of the same name, by which they are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from witkit.ir import model
from witkit.ir.model import Package, Resolve
from witkit.syntax import nodes
from witkit.text import Span

Element: TypeAlias = model.Element | Package
Place: TypeAlias = tuple[int, int]


_NAMED: Final = frozenset(
    {
        *(nodes.Function, nodes.Parameter, nodes.Field, nodes.Case, nodes.Interface, nodes.World),
        *(nodes.Alias, nodes.Record, nodes.Variant, nodes.Enum, nodes.Flags, nodes.Resource),
    }
)
"""Most items are of these classes, which always have a name of their own."""


def name_span(node: object) -> Span | None:
    """The place of an item's name, which is that of its element. None for other nodes.

    An item without a name has the place of the interface or world that it refers to.
    """
    if node.__class__ in _NAMED:
        return node.name.span  # type: ignore[attr-defined, no-any-return]
    if isinstance(node, nodes.UsedName):
        return (node.alias or node.name).span
    if isinstance(node, nodes.Use | nodes.TopUse | nodes.Include):
        return node.path.name.span
    if isinstance(node, nodes.Extern) and isinstance(node.kind, nodes.Path) and node.name is None:
        return node.kind.name.span
    if isinstance(node, nodes.NestedPackage):
        return node.header.name.span
    if not isinstance(node, nodes.Item) or isinstance(node, nodes.Path):
        return None
    name = getattr(node, "name", None)
    return name.span if isinstance(name, nodes.Id | nodes.PackageName) else None


def elements_of(package: Package) -> Iterator[Element]:
    """A package and all its elements with a name: interfaces, worlds, their items, and the parts of those."""
    yield package
    for interface in package.interfaces.values():
        yield interface
        yield from _members_of(interface)
    for world in package.worlds.values():
        yield world
        for item in (*world.imports.values(), *world.exports.values()):
            if not isinstance(item, model.WorldInterface):
                yield from _with_parts(item)
                continue
            yield item
            if item.interface.name is None:
                yield from _members_of(item.interface)


class Places:
    """Finds the nodes of some trees and the elements of some packages by the places of their names."""

    def __init__(self, trees: Sequence[nodes.File], resolve: Resolve) -> None:
        self._trees = trees
        self._resolve = resolve

    def node(self, element: Element) -> nodes.Item | None:
        """See `Loaded.node`."""
        return None if element.span is None else self._nodes.get(_place(element.span))

    def element(self, node: object) -> Element | None:
        """See `Loaded.element`."""
        span = name_span(node)
        return None if span is None else self._elements.get(_place(span))

    @cached_property
    def _nodes(self) -> dict[Place, nodes.Item]:
        # Most programs that load a package never ask for a node.
        from witkit.syntax.walk import walk

        found: dict[Place, nodes.Item] = {}
        for tree in self._trees:
            for node, _ in walk(tree):
                if isinstance(node, nodes.Item) and (span := name_span(node)) is not None:
                    found.setdefault(_place(span), node)
        return found

    @cached_property
    def _elements(self) -> dict[Place, Element]:
        """What an `include` adds has the place of the original, which comes first: packages are in order."""
        found: dict[Place, Element] = {}
        for package in self._resolve.packages:
            for element in elements_of(package) if package in self._resolve.main else ():
                if element.span is not None:
                    found.setdefault(_place(element.span), element)
        return found


def _place(span: Span) -> Place:
    return id(span.source), span.start


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
