"""Documentation without a space after the marks.

## What it does

Reports comments such as `///Text`. The fix adds a space.

## Why

Tools remove the indent that all lines have in common. One line without a space is enough for all others to keep theirs.

## Bad

```wit
package example:shop;

interface prices {
  ///The price of an article
  /// in cents.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article
  /// in cents.
  price: func(article: string) -> u32;
}
```

## Fixed

```wit
package example:shop;

interface prices {
  /// The price of an article
  /// in cents.
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import Commented, above, is_documentation
from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix, Span


def check(commented: Commented, context: Context) -> Iterator[Finding]:
    """One finding for each item, at the first such comment."""
    cramped = [comment for comment in above(commented.item) if _is_cramped(comment)]
    if cramped:
        ends = (Span(each.span.source, each.span.start + 3, each.span.start + 3) for each in cramped)
        fix = Fix("add a space", tuple(replace(place, " ") for place in ends))
        marks = Span(cramped[0].span.source, cramped[0].span.start, cramped[0].span.start + 4)
        yield Finding(marks, "there is no space after `///`", "add one", fix=fix)


def _is_cramped(comment: nodes.Comment) -> bool:
    return (
        not comment.is_block and is_documentation(comment) and not comment.text[3:4].isspace() and len(comment.text) > 3
    )


RULE = Rule(
    code="WIT1327",
    name="cramped-documentation",
    category="documentation",
    presets=STRICT,
    on=(Commented,),
    check=check,
    doc=__doc__,
    fix="safe",
)
