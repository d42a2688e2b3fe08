"""Alias that is the name itself.

## What it does

Reports `as` with the name that the item has anyway, in a `use` or an `include`. The fix removes it.

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
from witkit.checks.edits import remove_element, replace
from witkit.checks.removal import has_comments
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Edit, Fix, Span


def check(item: nodes.Use | nodes.TopUse | nodes.Include, context: Context) -> Iterator[Finding]:
    """One finding for each name with such an alias."""
    for name, alias in _aliases(item):
        if alias is not None and alias.name == name.name:
            rest = Span(name.span.source, name.span.end, alias.span.end)
            edit = _without_rename(item, name) if isinstance(item, nodes.Include) else replace(rest, "")
            fix = None if has_comments(edit.span) else Fix(f"remove `as {alias.span.text}`", (edit,))
            yield Finding(alias.span, f"`{name.name}` has this name without `as`", "remove the alias", fix=fix)


def _aliases(item: nodes.Use | nodes.TopUse | nodes.Include) -> list[tuple[nodes.Id, nodes.Id | None]]:
    if isinstance(item, nodes.TopUse):
        return [(item.path.name, item.alias)]
    return [(each.name, each.alias) for each in (item.names if isinstance(item, nodes.Use) else item.renames)]


def _without_rename(include: nodes.Include, name: nodes.Id) -> Edit:
    """An `include` without one of its new names, or without `with { … }` if none of them is new."""
    if all(each.alias is not None and each.alias.name == each.name.name for each in include.renames):
        return replace(Span(include.span.source, include.path.span.end, include.span.end), ";")
    spans = [each.span for each in include.renames]
    return remove_element(spans, [each.name for each in include.renames].index(name))


RULE = Rule(
    code="WIT1610",
    name="redundant-alias",
    category="uses",
    presets=STANDARD,
    on=(nodes.Use, nodes.TopUse, nodes.Include),
    check=check,
    doc=__doc__,
    fix="safe",
)
