"""Types as rules see them: those that an item mentions, what they mean, and what they consist of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from witkit.checks.context import Context
from witkit.ir import model
from witkit.ir.toposort import postorder
from witkit.syntax import nodes

T = TypeVar("T")

HOLDERS: Final = (nodes.Alias, nodes.Field, nodes.Case, nodes.Signature)
"""The nodes that types are in, for rules about these types in their place."""


def types_in(holder: nodes.Node) -> Iterator[nodes.Type]:
    """The types that one of `HOLDERS` mentions, with what they are made of: outer types first."""
    match holder:
        case nodes.Signature(params=params, result=result):
            stack = [result, *(param.type for param in reversed(params))]
        case nodes.Alias(type=type_) | nodes.Field(type=type_) | nodes.Case(payload=type_):
            stack = [type_]
        case _:
            stack = []
    while stack:
        if (each := stack.pop()) is not None:
            yield each
            if isinstance(each, nodes.Generic):
                stack += reversed(each.arguments)


def names_in_types(scope: nodes.Interface | nodes.World | nodes.InlineInterface) -> frozenset[str]:
    """The names in the types that are written in an interface or world; those that a `use` brings in are none."""
    found: set[str] = set()
    stack: list[nodes.Type | None] = []
    for item in scope.items:
        if (types := _TYPES_OF.get(item.__class__)) is not None:
            stack += types(item)
    while stack:
        each = stack.pop()
        if each is None or each.__class__ is nodes.Primitive:
            continue
        if isinstance(each, nodes.Named):
            found.add(each.id.name)
        elif isinstance(each, nodes.Generic):
            stack += each.arguments
        elif isinstance(each, nodes.Handle):
            found.add(each.resource.name)
    return frozenset(found)


def _types_of_function(function: nodes.Function) -> list[nodes.Type | None]:
    return [function.signature.result, *[parameter.type for parameter in function.signature.params]]


def _types_of_extern(extern: nodes.Extern) -> list[nodes.Type | None]:
    if not isinstance(extern.kind, nodes.Signature):
        return []
    return [extern.kind.result, *[parameter.type for parameter in extern.kind.params]]


# One look-up finds the class, for this is asked of every item.
_TYPES_OF: Final[Mapping[type, Callable[[Any], list[nodes.Type | None]]]] = {
    nodes.Function: _types_of_function,
    nodes.Extern: _types_of_extern,
    nodes.Record: lambda record: [field.type for field in record.fields],
    nodes.Variant: lambda variant: [case.payload for case in variant.cases],
    nodes.Alias: lambda alias: [alias.type],
    nodes.Resource: lambda resource: [type_ for each in resource.functions for type_ in _types_of_function(each)],
}
"""The types that are written in an item of an interface or world, without those in an interface inside it."""


FIXED_LENGTH: Final = r",\s*(?:[0-9]|/[/*])"
"""A regular expression for what every fixed-length list has: a comma before a number, or before a comment."""


def mentions(context: Context, *patterns: str) -> bool:
    """Whether one of some regular expressions matches somewhere in the file: a cheap look before any other.

    To look for several words in turn is cheaper than to look for one of them at each place.
    """
    text = context.file.source.text
    return any(context.once(_has, text, pattern) for pattern in patterns)


_PRIMITIVES: Final = {str(primitive): primitive for primitive in model.Primitive}


def meaning(node: nodes.Type | None, context: Context) -> model.Type | None:
    """What a type in the text means, for a look at its structure: an unnamed type is a new object at each call.

    None for a name that has no meaning, because its feature is off.
    """
    match node:
        case nodes.Primitive(name=name):
            return _PRIMITIVES[name]
        case nodes.Named(id=name_):
            return context.type_of(name_)
        case nodes.Handle(ownership=ownership, resource=resource):
            named = context.type_of(resource)
            kind = model.Own if ownership == "own" else model.Borrow
            return None if named is None else model.TypeDef(name=None, kind=kind(named), owner=None)
        case nodes.Generic():
            structure = _structure(node, context)
            return None if structure is None else model.TypeDef(name=None, kind=structure, owner=None)
    return None


def _structure(node: nodes.Generic, context: Context) -> model.TypeKind | None:
    parts = [meaning(each, context) for each in node.arguments]
    known = [part for part in parts if part is not None]
    if len(known) < sum(each is not None for each in node.arguments):
        return None
    first = known[0] if known else None
    match node.constructor:
        case "list" if node.length is not None:
            return model.FixedLengthList(known[0], int(node.length.text))
        case "list":
            return model.List(known[0])
        case "option":
            return model.Option(known[0])
        case "map":
            return model.Map(*known)
        case "result":
            return model.Result(*(*parts, None, None)[:2])
        case "future":
            return model.Future(first)
        case "stream":
            return model.Stream(first)
    return model.Tuple(known)


def fold(
    type_: model.Type,
    known: dict[model.TypeDef, T],
    compute: Callable[[model.TypeDef], T],
    below: Callable[[model.TypeDef], list[model.TypeDef]],
) -> None:
    """Enter `compute` of a type and of all types below it into `known`, those below first."""
    if not isinstance(type_, model.TypeDef) or type_ in known:
        return
    for part in below(type_):
        if part not in known:
            break
    else:
        # Most types come after those that they consist of.
        known[type_] = compute(type_)
        return
    for each in postorder(type_, below, known):
        known[each] = compute(each)


def definitions(type_: model.TypeDef) -> list[model.TypeDef]:
    """The definitions that a value of the type contains; a handle contains none."""
    if type_.kind.__class__ in _HANDLES:
        return []
    return [each for each in model.children(type_) if isinstance(each, model.TypeDef)]


_HANDLES: Final = frozenset({model.Own, model.Borrow})


def _has(text: str, pattern: str) -> bool:
    return pattern in text if pattern.isalpha() else re.search(pattern, text) is not None
