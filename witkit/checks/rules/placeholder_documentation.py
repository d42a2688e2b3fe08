"""Documentation that still has to be written.

## What it does

Reports documentation that consists of a word such as `TODO` or `TBD`, or of text from the template for proposals
("Short interface description").

## Why

The item looks documented, and rules about missing documentation accept it.

## Bad

```wit
package example:shop;

interface prices {
  /// TODO
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.prose import Documentation
from witkit.checks.rule import STANDARD, Finding, Rule


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each item with such documentation."""
    if (found := text.placeholder) is not None:
        yield Finding(text.span(*found.span(1)), "this documentation says nothing yet", "say what the item is for")


RULE = Rule(
    code="WIT1324",
    name="placeholder-documentation",
    category="documentation",
    presets=STANDARD,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
