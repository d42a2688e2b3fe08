"""What component types are made of. A type may occur in another one any number of times, and is looked at once."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.abi.types import List, Map, Option, Record, Result, Tuple, Type, Variant


def inner(type: Type | None) -> tuple[Type | None, ...]:
    """The types that a type is made of directly, in order; None for a value that is not there."""
    match type:
        case Record(_, _, fields):
            return tuple(field.type for field in fields)
        case Variant(_, cases):
            return tuple(case.payload for case in cases)
        case List(element) | Option(element):
            return (element,)
        case Result(ok, err):
            return ok, err
        case Tuple(elements):
            return elements
        case Map(key, value):
            return key, value
    return ()


def parts(type: Type | None) -> Iterator[Type]:
    """The types that a type is made of, each object once and after its own parts; the type itself is the last."""
    done: set[int] = set()
    stack = [(type, False)]
    while stack:
        part, is_ready = stack.pop()
        if part is None:
            continue
        if is_ready:
            yield part
        elif id(part) not in done:
            done.add(id(part))
            stack.append((part, True))
            stack += [(each, False) for each in inner(part)]
