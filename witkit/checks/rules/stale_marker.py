"""Marker for the next release that is above nothing unstable.

## What it does

Reports a comment `// @stabilize-next` that is not directly above an `@unstable`. The fix removes it.

## Why

A release of WASI makes a `@since` of each `@unstable` below such a comment. Anywhere else the comment has no effect:
the item is stable already, or the comment is above another one than the author thinks.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article in cents.
  // @stabilize-next
  @since(version = 1.1.0)
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article in cents.
  // @stabilize-next
  @unstable(feature = shop-prices)
  price: func(article: string) -> u32;
}
```

## Fixed

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article in cents.
  @since(version = 1.1.0)
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.edits import remove
from witkit.checks.rule import WASI, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix

_MARKER: Final = re.compile(r"//\s*@stabilize-next\b")
_UNSTABLE_BELOW: Final = re.compile(r"[^\n]*\n[ \t]*@unstable\b")


def check(comment: nodes.Comment, context: Context) -> Iterator[Finding]:
    """One finding for each such comment."""
    text = comment.span.source.text
    if _MARKER.match(comment.text) and not _UNSTABLE_BELOW.match(text, comment.span.end):
        fix = Fix("remove the comment", (remove(comment.span),))
        message = "there is no `@unstable` in the line below this marker"
        yield Finding(comment.span, message, "remove it, or move it above the gate that it is about", fix=fix)


RULE = Rule(
    code="WIT1209",
    name="stale-marker",
    category="gates",
    presets=WASI,
    on=(nodes.Comment,),
    check=check,
    applies=lambda context: "@stabilize-next" in context.file.source.text,
    doc=__doc__,
    fix="safe",
)
