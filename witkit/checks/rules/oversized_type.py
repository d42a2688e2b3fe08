"""Type, function or name that is too large.

## What it does

Reports a function with more than 1,000 parameters, `self` included, a type with more than 10,000 fields, cases or
elements, and the type that gives an interface more than 1,000,000 parts. A type has the parts of all types in it, as
often as they are in it. Also reports names and external ids of more than 100,000 bytes; the name of an interface
counts with its package, and that of a method with its resource.

## Why

Validators of components have these limits. `wasm-tools component wit` reads larger types, and encoding the package
fails. Types that double with each name reach the limit soon.

## Bad

```wit
package example:shop;

interface prices {
  type t1 = tuple<u8, u8, u8, u8, u8, u8, u8, u8, u8, u8>;
  type t2 = tuple<t1, t1, t1, t1, t1, t1, t1, t1, t1, t1>;
  type t3 = tuple<t2, t2, t2, t2, t2, t2, t2, t2, t2, t2>;
  type t4 = tuple<t3, t3, t3, t3, t3, t3, t3, t3, t3, t3>;
  type t5 = tuple<t4, t4, t4, t4, t4, t4, t4, t4, t4, t4>;
  type t6 = tuple<t5, t5, t5, t5, t5, t5, t5, t5, t5, t5>;
}
```

## Good

```wit
package example:shop;

interface prices {
  type t1 = tuple<u8, u8, u8, u8, u8, u8, u8, u8, u8, u8>;
  type t2 = list<t1>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.sizes import MOST_PARTS, numbers_of_parts
from witkit.ir import model
from witkit.text import Severity, Span

_MOST_PARAMETERS: Final = 1_000
_MOST_MEMBERS: Final = 10_000
_MOST_BYTES: Final = 100_000
_LONG_LINE: Final = 5_000
_LONGEST_PREFIX: Final = len("[constructor]")


def check(scope: model.Interface | model.World, context: Context) -> Iterator[Finding]:
    """One finding for each function and type with too many parts, and at most one for the sum."""
    if isinstance(scope, model.Interface):
        types, functions = list(scope.types.values()), list(scope.functions.values())
    else:
        items = [*scope.imports.values(), *scope.exports.values()]
        types = [item for item in items if isinstance(item, model.TypeDef)]
        functions = [item for item in items if isinstance(item, model.Function)]
    for function in functions:
        if len(function.params) > _MOST_PARAMETERS and function.span is not None:
            message = f"`{function.item_name}` has {len(function.params)} parameters: at most 1000 are allowed"
            yield Finding(function.span, message, "pass a record")
    for type_ in types:
        if (number := _members(type_)) > _MOST_MEMBERS and type_.span is not None:
            message = f"`{type_.name}` has {number} members: at most 10000 are allowed"
            yield Finding(type_.span, message, "use a list, or several types")
    yield from _sum(types, context)
    if context.of_package(_is_long):
        yield from _long_names(scope, types, functions)


def _long_names(
    scope: model.Interface | model.World, types: Iterable[model.TypeDef], functions: Iterable[model.Function]
) -> Iterator[Finding]:
    for name, span in _names(scope, types, functions):
        if name and span is not None and (number := len(name.encode())) > _MOST_BYTES:
            message = f"this name takes {number} bytes in a component: at most {_MOST_BYTES} are allowed"
            yield Finding(span, message, "shorten it")


def _names(
    scope: model.Interface | model.World, types: Iterable[model.TypeDef], functions: Iterable[model.Function]
) -> Iterator[tuple[str | None, Span | None]]:
    """Every name and external id in an interface or world as components have it, with its place."""
    yield scope.qualified_name, scope.span
    for type_ in types:
        yield from ((type_.name, type_.span), (type_.external_id, type_.span))
        yield from ((member.name, member.span) for member in _named_members(type_))
    for function in functions:
        yield from ((function.name, function.span), (function.external_id, function.span))
        yield from ((param.name, param.span) for param in function.params)
    if isinstance(scope, model.World):
        for key, item in (*scope.imports.items(), *scope.exports.items()):
            if isinstance(item, model.WorldInterface):
                yield from ((key if isinstance(key, str) else None, item.span), (item.external_id, item.span))


def _sum(types: Iterable[model.TypeDef], context: Context) -> Iterator[Finding]:
    known = context.once(numbers_of_parts, context.loaded)
    total = 0
    for type_ in types:
        total += known[type_]
        if total > MOST_PARTS and type_.span is not None:
            message = f"with `{type_.name}`, the types here have more than {MOST_PARTS} parts"
            yield Finding(type_.span, message, "use lists or resources instead of types in types")
            return


def _is_long(context: Context) -> bool:
    """Whether the text of a package has room for a name that is too long, which is made of four words at most. A word
    is in one line."""
    texts = [tree.source.text for tree in context.loaded.trees]
    if sum(map(len, texts)) <= _MOST_BYTES - _LONGEST_PREFIX:
        return False
    return any(len(line) > _LONG_LINE for text in texts for line in text.split("\n"))


def _has_many(context: Context) -> bool:
    """Whether there is anything big in a package, with its dependencies: a cheap look before one at each scope."""
    resolve = context.resolve
    interfaces, known = resolve.interfaces, context.once(numbers_of_parts, context.loaded)
    functions = (function for interface in interfaces for function in interface.functions.values())
    return (
        _is_long(context)
        or sum(known.values()) > MOST_PARTS
        or any(_members(type_) > _MOST_MEMBERS for type_ in known)
        or any(len(function.params) > _MOST_PARAMETERS for function in functions)
        or any(
            isinstance(item, model.Function) and len(item.params) > _MOST_PARAMETERS
            for world in resolve.worlds
            for item in (*world.imports.values(), *world.exports.values())
        )
    )


def _members(type_: model.TypeDef) -> int:
    if isinstance(type_.kind, model.Tuple):
        return len(type_.kind.types)
    return 0 if isinstance(type_.kind, model.Flags) else len(_named_members(type_))


def _named_members(type_: model.TypeDef) -> Sequence[model.Field | model.Case]:
    match type_.kind:
        case model.Record(fields=members):
            return members
        case model.Variant(cases=cases) | model.Enum(cases=cases) | model.Flags(flags=cases):
            return cases
    return ()


RULE = Rule(
    code="WIT1117",
    name="oversized-type",
    category="correctness",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(model.Interface, model.World),
    check=check,
    doc=__doc__,
    applies=lambda context: context.of_package(_has_many),
)
