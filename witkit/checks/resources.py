"""Where resources come from, and which types have them."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.ir import model
from witkit.ir.resolve.elaborate import direct_dependencies


def has_resource(type_: model.Type) -> bool:
    """Whether a type is a resource, or has handles in it."""
    return any(isinstance(each.kind, model.Resource) for each in inside(type_))


def inside(type_: model.Type) -> Iterator[model.TypeDef]:
    """A type and all types that it is made of, each once; of primitives, none."""
    waiting, seen = [type_], {type_}
    while waiting:
        each = waiting.pop()
        if isinstance(each, model.TypeDef):
            yield each
            new = [child for child in model.children(each) if child not in seen]
            seen.update(new)
            waiting += new


def with_used(interface: model.Interface) -> set[model.Interface]:
    """An interface, those that it uses types of, those that these use, and so on."""
    found, waiting = {interface}, [interface]
    while waiting:
        new = set(direct_dependencies(waiting.pop())) - found
        found |= new
        waiting += new
    return found
