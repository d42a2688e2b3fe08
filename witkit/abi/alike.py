"""WIT types of two packages side by side: one type is written once for each package that was generated from it.

Two such types differ in their Python classes only, and in the objects that stand for their resources.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from witkit.abi.parts import inner
from witkit.abi.types import (
    Borrow,
    Enum,
    Flags,
    Func,
    List,
    Map,
    Option,
    Own,
    Record,
    Result,
    Tuple,
    Type,
    Variant,
)


def alike(one: Type | None, other: Type | None) -> bool:
    """Whether two types are the same in WIT, names included. None is the type of a missing value."""
    return all(_head(a) == _head(b) for a, b in _together(one, other))


def alike_functions(one: Func, other: Func) -> bool:
    """Whether two functions are the same in WIT: their parameters' names do not count."""
    return (one.name, len(one.params)) == (other.name, len(other.params)) and all(
        alike(a, b) for a, b in _types(one, other)
    )


def _types(one: Func, other: Func) -> Iterator[tuple[Type | None, Type | None]]:
    yield from ((a.type, b.type) for a, b in zip(one.params, other.params, strict=True))
    yield one.result, other.result


def _together(one: Type | None, other: Type | None) -> Iterator[tuple[Type | None, Type | None]]:
    """Both types, and what they are made of side by side, each pair once; nothing inside of those that differ."""
    seen: set[tuple[int, int]] = set()
    stack = [(one, other)]
    while stack:
        pair = stack.pop()
        if (key := (id(pair[0]), id(pair[1]))) not in seen:
            seen.add(key)
            yield pair
            if _head(pair[0]) == _head(pair[1]):
                stack += reversed(list(zip(inner(pair[0]), inner(pair[1]), strict=True)))


def _head(type: Type | None) -> Hashable:
    """What a type says about itself in WIT, apart from the types that it is made of."""
    match type:
        case Record(name, _, fields):
            return ("record", name, *(field.name for field in fields))
        case Variant(name, cases):
            return ("variant", name, *(case.name for case in cases))
        case Enum(name, _, names) | Flags(name, _, names):
            return (type.__class__.__name__, name, *names)
        case List(_, length):
            return "list", length
        case Tuple(elements):
            return "tuple", len(elements)
        case Own(resource) | Borrow(resource):
            return type.__class__.__name__, resource.name
        case Option() | Result() | Map():
            return type.__class__.__name__
    return type
