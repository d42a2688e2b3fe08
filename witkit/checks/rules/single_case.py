"""Type with a single case or field.

## What it does

Reports variants and enums with one case, and records with one field.

## Why

Such a type has nothing to choose or to combine, but every language makes a class of it and every call has to pack and
unpack it. It cannot be extended later, because a new case or field changes the type.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article.
  record price {
    cents: u32,
  }
  /// Find the price of an article.
  find: func(article: string) -> price;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  type price = u32;
  /// Find the price of an article.
  find: func(article: string) -> price;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes


def check(type_: nodes.Variant | nodes.Enum | nodes.Record, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    parts = type_.fields if isinstance(type_, nodes.Record) else type_.cases
    if len(parts) == 1:
        kind = type(type_).__name__.lower()
        part = "field" if kind == "record" else "case"
        message = f"{kind} `{type_.name.name}` has a single {part}, `{parts[0].name.name}`"
        help = (
            "name the content itself with `type`" if kind == "record" else "leave the type out, or add what is missing"
        )
        yield Finding(type_.name.span, message, help)


RULE = Rule(
    code="WIT1502",
    name="single-case",
    category="types",
    presets=STRICT,
    on=(
        nodes.Variant,
        nodes.Enum,
        nodes.Record,
    ),
    check=check,
    doc=__doc__,
)
