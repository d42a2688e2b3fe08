"""List of pairs that a map could be.

## What it does

Reports `list<tuple<k, v>>` if `k` can be the key of a `map`: a `bool`, an integer, a `char` or a `string`. With
`--against`, only items that the other version does not have are reported.

## Why

`map<k, v>` says that each key occurs once and that the order means nothing, and bindings make a dictionary of it.
Changing a list to a map later changes the type. Hosts need WASI 0.3.1 for it.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The prices of all articles in cents.
  all: func() -> list<tuple<string, u32>>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The prices of all articles in cents.
  all: func() -> map<string, u32>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.shapes import primitive_of
from witkit.ir import Loaded, model
from witkit.ir.places import name_span
from witkit.syntax import nodes

_TYPES = (nodes.Alias, nodes.Record, nodes.Variant)
_KEYS = frozenset({"bool", "char", "string", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"})


def check(list_: nodes.Generic, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    pair = list_.arguments[0] if list_.constructor == "list" and list_.length is None else None
    if not isinstance(pair, nodes.Generic) or pair.constructor != "tuple" or len(pair.arguments) != 2:
        return
    key, value = pair.arguments
    assert key is not None
    assert value is not None
    if primitive_of(key, context) in _KEYS and not _is_old(context):
        suggestion = f"map<{key.span.text}, {value.span.text}>"
        help = f"write `{suggestion}`, unless the order matters or keys can occur twice"
        yield Finding(list_.span, "this list of pairs could be a map", help)


def _is_old(context: Context) -> bool:
    """Whether the item that has the list is also in the version to compare with."""
    against = context.settings.against
    return against is not None and _path_of_member(context) in context.once(_known, against)


def _path_of_member(context: Context) -> tuple[str, ...]:
    """The names of the interface or world around a type and of its function or type, with the resource between."""
    kinds = (nodes.Interface, nodes.World, nodes.Extern, nodes.Resource, nodes.Function, *_TYPES)
    named = (name_span(node) for node in context.parents if isinstance(node, kinds))
    return tuple(span.text.removeprefix("%") for span in named if span is not None)


def _known(against: Loaded) -> frozenset[tuple[str, ...]]:
    """The members of all interfaces and worlds of a version."""
    packages = against.resolve.main if against.resolve else ()
    interfaces = [item for package in packages for item in package.interfaces.items()]
    found = {(name, *member) for name, interface in interfaces for member in _members(interface)}
    for name, world in (item for package in packages for item in package.worlds.items()):
        for key, item in (*world.imports.items(), *world.exports.items()):
            if isinstance(item, model.WorldInterface) and isinstance(key, str):
                found |= {(name, key, *member) for member in _members(item.interface)}
            elif isinstance(item, model.Function):
                found.add((name, *_named(item)))
            elif isinstance(key, str):
                found.add((name, key))
    return frozenset(found)


def _members(interface: model.Interface) -> Iterator[tuple[str, ...]]:
    yield from ((name,) for name in interface.types)
    yield from map(_named, interface.functions.values())


def _named(function: model.Function) -> tuple[str, ...]:
    resource = function.resource.name if function.resource is not None else None
    return (resource, function.item_name) if resource else (function.item_name,)


RULE = Rule(
    code="WIT1525",
    name="list-of-pairs",
    category="types",
    presets=STRICT,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
)
