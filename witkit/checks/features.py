"""The features of WIT that not every tool has, as a world uses them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from witkit.ir import model
from witkit.ir.model import Primitive, Type, TypeDef, World
from witkit.text import Span


class Feature(Enum):
    """A feature of WIT. The value is what messages call it."""

    MAP = "`map`"
    FIXED_LENGTH_LIST = "lists of a fixed length"
    ERROR_CONTEXT = "`error-context`"
    STREAM = "`stream`"
    FUTURE = "`future`"
    ASYNC = "`async func`"
    LABEL = "interfaces under another name"
    EXTERNAL_ID = "`@external-id`"


Use: TypeAlias = "tuple[Feature, Span | None]"

_KINDS = {
    model.Map: Feature.MAP,
    model.FixedLengthList: Feature.FIXED_LENGTH_LIST,
    model.Stream: Feature.STREAM,
    model.Future: Feature.FUTURE,
}


def features(world: World) -> Iterator[Use]:
    """Each use of a feature in what a world imports and exports, with its place."""
    seen: set[int] = set()
    for items in (world.imports, world.exports):
        for key, item in items.items():
            if isinstance(key, str) and isinstance(item, model.WorldInterface) and item.interface.name:
                yield Feature.LABEL, item.span
            yield from _external_id(item)
            if isinstance(item, model.Function):
                yield from _function(item, seen)
            elif isinstance(item, model.WorldInterface) and id(item.interface) not in seen:
                seen.add(id(item.interface))
                for type_ in item.interface.types.values():
                    yield from _external_id(type_)
                for function in item.interface.functions.values():
                    yield from _external_id(function)
                    yield from _function(function, seen)


def _external_id(item: model.WorldItem) -> Iterator[Use]:
    if item.external_id is not None:
        yield Feature.EXTERNAL_ID, item.span


def _function(function: model.Function, seen: set[int]) -> Iterator[Use]:
    if function.is_async:
        yield Feature.ASYNC, function.span
    for type_ in (*(param.type for param in function.params), function.result):
        yield from _type(type_, function.span, seen)


def _type(type_: Type | None, place: Span | None, seen: set[int]) -> Iterator[Use]:
    """The features in a type that is used at a place; each type counts once."""
    stack = [(type_, place)]
    while stack:
        one, around = stack.pop()
        if one is Primitive.ERROR_CONTEXT:
            yield Feature.ERROR_CONTEXT, around
        if not isinstance(one, TypeDef) or id(one) in seen:
            continue
        seen.add(id(one))
        here = one.span or around
        if (feature := _KINDS.get(type(one.kind))) is not None:
            yield feature, here
        stack += [(child, here) for child in model.children(one)]
