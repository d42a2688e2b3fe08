"""WIT types of two packages side by side: one type is written once for each package that was generated from it.

Two such types differ in their Python classes only, and in the objects that stand for their resources.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import zip_longest

from witkit.abi.types import (
    Borrow,
    Enum,
    Flags,
    Func,
    Interface,
    List,
    Map,
    Option,
    Own,
    Primitive,
    Record,
    Resource,
    Result,
    Tuple,
    Type,
    Variant,
)


def alike(one: Type | None, other: Type | None) -> bool:
    """Whether two types are the same in WIT, names included. None is the type of a missing value."""
    return all(a == b for a, b in _together(one, other))


def alike_functions(one: Func, other: Func) -> bool:
    """Whether two functions are the same in WIT: their parameters' names do not count."""
    return (one.name, len(one.params)) == (other.name, len(other.params)) and all(
        alike(a, b) for a, b in _types(one, other)
    )


def same_resources(one: Interface, other: Interface) -> Iterator[tuple[Resource, Resource]]:
    """The resources of two descriptions of one interface that stand for each other: its own, by name, and those of
    other interfaces, by where its functions have them."""
    named = {resource.name: resource for resource in other.resources}
    yield from ((resource, named[resource.name]) for resource in one.resources if resource.name in named)
    functions = {func.name: func for func in other.functions}
    for func in one.functions:
        if func.name in functions and alike_functions(func, functions[func.name]):
            for mine, theirs in _types(func, functions[func.name]):
                yield from _resources(mine, theirs)


def _types(one: Func, other: Func) -> Iterator[tuple[Type | None, Type | None]]:
    yield from ((a.type, b.type) for a, b in zip(one.params, other.params, strict=True))
    yield one.result, other.result


def _resources(one: Type | None, other: Type | None) -> Iterator[tuple[Resource, Resource]]:
    match one, other:
        case (Own(mine), Own(theirs)) | (Borrow(mine), Borrow(theirs)):
            yield mine, theirs
    for a, b in zip(_parts(one)[1], _parts(other)[1], strict=True):
        yield from _resources(a, b)


def _together(one: Type | None, other: Type | None) -> Iterator[tuple[Hashable, Hashable]]:
    """What both types say about themselves, from the outside in; ends with the first difference."""
    (head, inner), (other_head, other_inner) = _parts(one), _parts(other)
    yield head, other_head
    if head == other_head:
        for a, b in zip_longest(inner, other_inner):
            yield from _together(a, b)


def _parts(type: Type | None) -> tuple[Hashable, tuple[Type | None, ...]]:
    """What a type says about itself in WIT, and the types that it is made of."""
    match type:
        case Record(name, _, fields):
            return ("record", name, *(field.name for field in fields)), tuple(field.type for field in fields)
        case Variant(name, cases):
            return ("variant", name, *(case.name for case in cases)), tuple(case.payload for case in cases)
        case Enum(name, _, names) | Flags(name, _, names):
            return (type.__class__.__name__, name, *names), ()
        case List(element, length):
            return ("list", length), (element,)
        case Option(element):
            return "option", (element,)
        case Result(ok, err):
            return "result", (ok, err)
        case Tuple(elements):
            return ("tuple", len(elements)), elements
        case Map(key, value):
            return "map", (key, value)
        case Own(resource) | Borrow(resource):
            return (type.__class__.__name__, resource.name), ()
        case Primitive():
            return type, ()
        case None:
            return "none", ()
    return type, ()
