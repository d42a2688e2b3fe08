"""Alias that is the name itself.

## What it does

Reports `as` with the name that the item has anyway, in a `use`. The fix removes it.

## Why

A reader takes `as` for a new name, and looks for the difference.

## Bad

```wit
package example:shop;

/// Amounts of money.
interface money {
  /// Hundredths of a franc.
  type cents = u32;
}

/// What articles cost.
interface prices {
  use money.{cents as cents};
  /// The price of an article.
  price: func(article: string) -> cents;
}
```

## Good

```wit
package example:shop;

/// Amounts of money.
interface money {
  /// Hundredths of a franc.
  type cents = u32;
}

/// What articles cost.
interface prices {
  use money.{cents};
  /// The price of an article.
  price: func(article: string) -> cents;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix, Span


def check(use: nodes.Use | nodes.TopUse, context: Context) -> Iterator[Finding]:
    """One finding for each name with such an alias."""
    pairs = [(use.path.name, use.alias)] if isinstance(use, nodes.TopUse) else [(n.name, n.alias) for n in use.names]
    for name, alias in pairs:
        if alias is not None and alias.name == name.name:
            rest = Span(name.span.source, name.span.end, alias.span.end)
            fix = Fix(f"remove `as {alias.span.text}`", (replace(rest, ""),))
            yield Finding(alias.span, f"`{name.name}` has this name without `as`", "remove the alias", fix=fix)


RULE = Rule(
    code="WIT1610",
    name="redundant-alias",
    category="uses",
    presets=STANDARD,
    on=(nodes.Use, nodes.TopUse),
    check=check,
    doc=__doc__,
    fix="safe",
)
