"""What types are made of, seen through the names that they have."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.ir import model
from witkit.ir.resolve.elaborate import direct_dependencies
from witkit.syntax import nodes

_CONSTRUCTORS = {
    model.List: "list",
    model.FixedLengthList: "list",
    model.Option: "option",
    model.Result: "result",
    model.Tuple: "tuple",
    model.Map: "map",
    model.Future: "future",
    model.Stream: "stream",
    model.Own: "own",
    model.Borrow: "borrow",
}


def constructor_of(type_: nodes.Type | None, context: Context) -> str:
    """What a type is at its outside, through aliases: `option`, `list`, …; empty for all others."""
    if isinstance(type_, nodes.Generic):
        return type_.constructor
    if isinstance(type_, nodes.Handle):
        return type_.ownership
    found = model.unalias(named) if isinstance(type_, nodes.Named) and (named := context.type_of(type_.id)) else None
    return _CONSTRUCTORS.get(type(found.kind), "") if isinstance(found, model.TypeDef) else ""


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


def has_resource(type_: model.Type) -> bool:
    """Whether a type is a resource, or has handles in it."""
    return any(isinstance(each.kind, model.Resource) for each in inside(type_))


def primitive_of(type_: nodes.Type, context: Context) -> str:
    """The name of the primitive type that a type is, through aliases; empty for all others."""
    found = meaning(type_, context)
    return found if isinstance(found, str) else ""


def meaning(type_: nodes.Type, context: Context) -> object:
    """What is equal for two types that are the same one, through aliases at their outside."""
    if isinstance(type_, nodes.Primitive):
        return type_.name
    if isinstance(type_, nodes.Named):
        named = context.type_of(type_.id)
        found = model.unalias(named) if named is not None else None
        return found.value if isinstance(found, model.Primitive) else found
    return type_.span.text


def with_used(interface: model.Interface) -> set[model.Interface]:
    """An interface, those that it uses types of, those that these use, and so on."""
    found, waiting = {interface}, [interface]
    while waiting:
        new = set(direct_dependencies(waiting.pop())) - found
        found |= new
        waiting += new
    return found
