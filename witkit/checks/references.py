"""What an item refers to: types, interfaces and worlds, each with the place of its name in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from witkit.checks.context import Context
from witkit.checks.types import HOLDERS, types_in
from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.text import Span

Target: TypeAlias = model.TypeDef | model.Interface | model.World

REFERRING: Final = (*HOLDERS, nodes.Use, nodes.Extern, nodes.Include)
"""The nodes that names of other items are in."""


def references(node: nodes.Node, context: Context) -> tuple[tuple[Span, Target], ...]:
    """The items that one of `REFERRING` names. A name that a `use` brings in means itself in types, and its origin in
    the `use`."""
    return context.once(_references, node, context)


def _references(node: nodes.Node, context: Context) -> tuple[tuple[Span, Target], ...]:
    return tuple(_found(node, context))


def _found(node: nodes.Node, context: Context) -> Iterator[tuple[Span, Target]]:
    match node:
        case nodes.Use(names=names):
            for each in names:
                match context.element(each):
                    case model.TypeDef(kind=model.Alias(type=model.TypeDef() as origin)):
                        yield each.name.span, origin
        case nodes.Extern(kind=nodes.Path() as path):
            item = context.element(node)
            if isinstance(item, model.WorldInterface):
                yield path.name.span, item.interface
        case nodes.Include(path=path):
            if (world := context.once(_included, context.loaded).get(_place(path.name.span))) is not None:
                yield path.name.span, world
        case nodes.Alias() | nodes.Field() | nodes.Case() | nodes.Signature():
            for type_ in types_in(node):
                name = _name(type_)
                named = context.type_of(name) if name is not None else None
                if name is not None and named is not None:
                    yield name.span, named


def _name(type_: nodes.Type) -> nodes.Id | None:
    if isinstance(type_, nodes.Named):
        return type_.id
    return type_.resource if isinstance(type_, nodes.Handle) else None


def _included(loaded: Loaded) -> dict[tuple[int, int], model.World]:
    """The world that each `include` means, by the place of its name."""
    texts = loaded.written.worlds.values()
    return {_place(each.span): each.world for text in texts for each in text.includes}


def _place(span: Span) -> tuple[int, int]:
    return id(span.source), span.start
