"""Documentation without a word.

## What it does

Reports comments `///` or `/** … */` above an item if all of them are empty. The fix removes them.

## Why

An item with such a comment looks documented, and rules about missing documentation accept it.

## Bad

```wit
package example:shop;

interface prices {
  ///
  type cents = u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// Hundredths of the currency of the shop.
  type cents = u32;
}
```

## Fixed

```wit
package example:shop;

interface prices {
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import above, is_documentation
from witkit.checks.context import Context
from witkit.checks.edits import remove
from witkit.checks.prose import Documentation
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.text import Fix


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each item with empty documentation."""
    if not text.text.strip():
        comments = [comment for comment in above(text.item) if is_documentation(comment)]
        fix = Fix("remove it", tuple(remove(comment.span) for comment in comments))
        yield Finding(comments[0].span, "this documentation is empty", "write something, or remove it", fix=fix)


RULE = Rule(
    code="WIT1320",
    name="empty-documentation",
    category="documentation",
    presets=STANDARD,
    on=(Documentation,),
    check=check,
    doc=__doc__,
    fix="safe",
)
