"""Space at the end of a comment.

## What it does

Reports a comment `//` or `///` that ends with blanks. The fix removes them.

## Why

They are invisible, and editors that remove them change lines that nobody has touched. `witkit fmt` removes them as
well; this rule is for those who do not use it.

## Bad

```wit
package example:shop;

/// What articles cost.\x20
interface prices {}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix, Span


def check(comment: nodes.Comment, context: Context) -> Iterator[Finding]:
    """One finding for each such comment."""
    text = comment.text
    if text[-1:].isspace() and not comment.is_block:
        span = comment.span
        place = Span(span.source, span.start + len(text.rstrip()), span.end)
        fix = Fix("remove it", (replace(place, ""),))
        yield Finding(place, "there is space at the end of this comment", "remove it, or use `witkit fmt`", fix=fix)


RULE = Rule(
    code="WIT1330",
    name="trailing-space",
    category="documentation",
    presets=STRICT,
    on=(nodes.Comment,),
    check=check,
    doc=__doc__,
    fix="safe",
)
