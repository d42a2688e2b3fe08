"""Interface without types and functions.

## What it does

Reports an interface with nothing in it.

## Why

It offers nothing and needs nothing. Often its functions were forgotten, or it was forgotten itself.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
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
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes


def check(interface: nodes.Interface, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if not interface.items:
        yield Finding(interface.name.span, f"interface `{interface.name.name}` is empty", "fill it or remove it")


RULE = Rule(
    code="WIT1614",
    name="empty-interface",
    category="uses",
    presets=STRICT,
    on=(nodes.Interface,),
    check=check,
    doc=__doc__,
)
