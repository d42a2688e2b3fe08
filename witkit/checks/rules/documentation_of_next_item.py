"""Documentation that belongs to the next item.

## What it does

Reports a comment `///` or `/** … */` after an item in the same line. The fix moves it above that item.

## Why

Other languages have such comments (`///<`), WIT does not: a comment documents what comes after it. Each text then is
one item too late, in every page and binding that is generated.

## Bad

```wit
package example:shop;

interface prices {
  record article {
    name: string, /// As printed on the label.
    price: u32, /// In cents.
  }
}
```

## Good

```wit
package example:shop;

interface prices {
  record article {
    /// As printed on the label.
    name: string,
    /// In cents.
    price: u32,
  }
}
```

## Fixed

```wit
package example:shop;

interface prices {
  record article {
    /// As printed on the label.
    name: string,
    /// In cents.
    price: u32,
  }
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from witkit.checks.comments import has_documentation, is_documentation
from witkit.checks.context import Context
from witkit.checks.edits import line_above, remove
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.syntax.comments import Comments, Position
from witkit.text import Fix, Span


def check(comment: nodes.Comment, context: Context) -> Iterator[Finding]:
    """One finding for each comment."""
    if not is_documentation(comment) or not _ends_a_line(comment):
        return
    before = context.once(_trailed, context.file).get(comment.span.start)
    if before is None:
        return
    text = re.sub(r"^(///|/\*\*)<", r"\1", comment.text)
    place = name_span(before) or before.span
    edits = (line_above(before.span, text), remove(comment.span))
    fix = Fix(f"move it above `{place.text}`", edits) if _can_move(before, context) else None
    message = f"this documents what comes after it, not `{place.text}`"
    yield Finding(comment.span, message, f"move it above `{place.text}`", fix=fix)


def _can_move(item: nodes.Item, context: Context) -> bool:
    """Whether the item can have documentation above it: a path is in the middle of another item, and only one file of
    a package may document it."""
    if isinstance(item, nodes.PackageHeader):
        return not context.package.docs
    return not isinstance(item, nodes.Path)


def _ends_a_line(comment: nodes.Comment) -> bool:
    whole = comment.span.source.text
    line_end = whole.find("\n", comment.span.end)
    rest = whole[comment.span.end : line_end if line_end >= 0 else len(whole)]
    return not rest.strip() and bool(_line_before(comment.span).strip())


def _line_before(span: Span) -> str:
    whole = span.source.text
    return whole[whole.rfind("\n", 0, span.start) + 1 : span.start]


def _trailed(file: nodes.File) -> dict[int, nodes.Item]:
    """By the starts of comments, the items whose lines they end."""
    trailing = (each for each in Comments(file) if each.position is Position.TRAILING)
    return {each.comment.span.start: each.node for each in trailing if isinstance(each.node, nodes.Item)}


RULE = Rule(
    code="WIT1131",
    name="documentation-of-next-item",
    category="correctness",
    presets=MINIMAL,
    on=(nodes.Comment,),
    check=check,
    applies=has_documentation,
    doc=__doc__,
    fix="safe",
)
