"""Borrowed handle inside a record or variant.

## What it does

Reports a record or a variant that has a borrowed handle in it.

## Why

Such a type can only be a parameter: no result can have it, and nothing may keep its values after the call. Languages
without lifetimes cannot express that, and bindings of some languages cannot make the type at all.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// A list of prices.
  resource catalog;
  /// What to look for.
  record query {
    catalog: borrow<catalog>,
    article: string,
  }
  /// The price of an article in cents.
  price: func(query: query) -> u32;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// A list of prices.
  resource catalog;
  /// The price of an article in cents.
  price: func(catalog: borrow<catalog>, article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.types import types_in
from witkit.syntax import nodes


def check(type_: nodes.Record | nodes.Variant, context: Context) -> Iterator[Finding]:
    """One finding for each handle."""
    kind = type(type_).__name__.lower()
    for part in type_.fields if isinstance(type_, nodes.Record) else type_.cases:
        for each in types_in(part):
            if isinstance(each, nodes.Handle) and each.ownership == "borrow":
                message = f"because of this, {kind} `{type_.name.name}` can only be a parameter"
                yield Finding(each.span, message, "pass the handle as a parameter of its own")


RULE = Rule(
    code="WIT1521",
    name="borrow-in-type",
    category="types",
    presets=STRICT,
    on=(nodes.Record, nodes.Variant),
    check=check,
    doc=__doc__,
)
