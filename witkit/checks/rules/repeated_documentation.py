"""Two items with the same documentation.

## What it does

Reports a type or function whose documentation is, word for word, that of one before it in the same interface or
resource. Texts of fewer than four words are not looked at.

## Why

Most often it was copied with the item, and describes the other one.

## Bad

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
  /// The price of an article in cents.
  discount: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
  /// What members pay less for an article, in cents.
  discount: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from witkit.checks.context import Context
from witkit.checks.prose import documentation
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Related

_FEWEST_WORDS = 4


def check(scope: nodes.Interface | nodes.InlineInterface | nodes.Resource, context: Context) -> Iterator[Finding]:
    """One finding for each item with the documentation of one before it."""
    before: dict[str, nodes.Item] = {}
    items: Sequence[nodes.Item] = scope.functions if isinstance(scope, nodes.Resource) else scope.items
    for item in items:
        text = context.once(documentation, item) if item.comments else None
        words = text.text.split() if text else []
        if len(words) < _FEWEST_WORDS or (place := name_span(item)) is None:
            continue
        first = before.setdefault(" ".join(words), item)
        original = name_span(first)
        if first is not item and original is not None:
            related = (Related(original, "the other item"),)
            message = f"`{place.text}` has the documentation of `{original.text}`"
            yield Finding(place, message, "say what is different", related=related)


RULE = Rule(
    code="WIT1332",
    name="repeated-documentation",
    category="documentation",
    presets=STRICT,
    on=(nodes.Interface, nodes.InlineInterface, nodes.Resource),
    check=check,
    doc=__doc__,
)
