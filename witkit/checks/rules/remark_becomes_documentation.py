"""Comment at the end of a line that documents the next item.

## What it does

Reports a comment `//` or `/* … */` after an item in the same line, if another item follows.

## Why

Every tool takes a comment for the documentation of the item after it, whatever its marks and even in the line before.
What is said about one field is then in the documentation of the next one. After the last item of a block, such a
comment is only a comment.

## Bad

```wit
package example:shop;

interface prices {
  record article {
    name: string, // as printed
    price: u32,
  }
}
```

## Good

```wit
package example:shop;

interface prices {
  record article {
    /// As printed.
    name: string,
    price: u32,
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import Commented, is_directive, is_documentation
from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir.places import name_span


def check(commented: Commented, context: Context) -> Iterator[Finding]:
    """One finding for each item, at the comment that the line before it ends with."""
    item = commented.item
    first = item.comments[0]
    if first.begins_line or is_documentation(first) or is_directive(first):
        return
    if "\n" in context.file.source.text[first.span.end : item.span.start]:
        place = name_span(item) or item.span
        help = "write it above the item that it is about"
        yield Finding(first.span, f"this becomes the documentation of `{place.text}`", help)


RULE = Rule(
    code="WIT1133",
    name="remark-becomes-documentation",
    category="correctness",
    presets=STRICT,
    on=(Commented,),
    check=check,
    doc=__doc__,
)
