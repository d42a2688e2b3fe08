"""Type that is used nowhere.

## What it does

Reports a type of an interface or a world that no function and no other type of the package refers to. Interfaces
without functions are types for others: nothing is reported there, nor about resources.

## Why

Often a function is missing, or the type was forgotten when a function was removed.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The color of an article.
  enum color { red, green }
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The color of an article.
  enum color { red, green }
  /// The price of an article in cents.
  price: func(article: string, color: color) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir import Loaded, model
from witkit.syntax import nodes


def check(type_: nodes.TypeDefinition, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    element = context.element(type_)
    if not isinstance(element, model.TypeDef) or not _has_functions(element.owner):
        return
    if element not in context.once(_mentioned, context.loaded):
        message = f"nothing in the package refers to `{type_.name.name}`"
        yield Finding(type_.name.span, message, "remove it, or add the function that was meant to use it")


def _has_functions(owner: model.Interface | model.World | None) -> bool:
    return isinstance(owner, model.World) or (owner is not None and bool(owner.functions))


def _mentioned(loaded: Loaded) -> frozenset[model.Type]:
    """The types that functions and other types refer to."""
    assert loaded.resolve is not None
    found: set[model.Type] = set()
    for type_ in loaded.resolve.types:
        found.update(model.children(type_))
    for function in _functions(loaded.resolve):
        found.update(param.type for param in function.params)
        if function.result is not None:
            found.add(function.result)
    return frozenset(found)


def _functions(resolve: model.Resolve) -> Iterator[model.Function]:
    for interface in resolve.interfaces:
        yield from interface.functions.values()
    for world in resolve.worlds:
        items = (*world.imports.values(), *world.exports.values())
        yield from (item for item in items if isinstance(item, model.Function))


RULE = Rule(
    code="WIT1612",
    name="unused-type",
    category="uses",
    presets=STRICT,
    on=(nodes.Alias, nodes.Record, nodes.Variant, nodes.Enum, nodes.Flags),
    check=check,
    doc=__doc__,
)
