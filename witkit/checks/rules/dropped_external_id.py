"""External id that every tool drops.

## What it does

Reports `@external-id("…")` above an interface, a world or an `include`.

## Why

WIT allows it there, but components and encoded packages have a place for an external id only at functions, types, and
the imports and exports of worlds. Tools read the others and drop them without a warning, and hosts never see them.

## Bad

```wit
package example:shop;

/// What articles cost.
@external-id("com.example.prices")
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}

/// Sells articles.
world shop {
  import prices;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}

/// Sells articles.
world shop {
  @external-id("com.example.prices")
  import prices;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes

_ADVICE = {
    nodes.Interface: "write it above the import or export of the interface, or remove it",
    nodes.World: "write it above an import or export of the world, or remove it",
    nodes.Include: "write it above an import or export of the included world, or remove it",
}


def check(item: nodes.Interface | nodes.World | nodes.Include, context: Context) -> Iterator[Finding]:
    """One finding for each external id."""
    kind = type(item).__name__.lower()
    of = f"`include {item.path.span.text}`" if isinstance(item, nodes.Include) else f"{kind} `{item.name.name}`"
    for attribute in item.attributes:
        if attribute.name.name == "external-id":
            yield Finding(attribute.span, f"tools drop the external id of {of}", _ADVICE[type(item)])


RULE = Rule(
    code="WIT1620",
    name="dropped-external-id",
    category="uses",
    presets=MINIMAL,
    on=(nodes.Interface, nodes.World, nodes.Include),
    check=check,
    doc=__doc__,
)
