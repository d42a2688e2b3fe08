"""Comment that becomes documentation.

## What it does

Reports a comment `//` or `/* … */` above an item if it does not read as documentation: a licence, a task (`TODO`), a
line that divides the file, or WIT that is commented out.

## Why

Every tool takes all comments directly above an item for its documentation, whatever their marks, and an empty line
between them does not change that. The licence of the file then is the documentation of the package, in every page and
binding that is generated from it.

## Bad

```wit
package example:shop;

interface prices {
  // TODO: make this a resource
  /// An article that can be bought.
  record article { name: string }
}
```

## Good

```wit
package example:shop;

interface prices {
  /// An article that can be bought.
  record article { // TODO: make this a resource
    name: string
  }
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.comments import above, is_directive, is_documentation
from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes

_KINDS: Final = {
    "a licence": r"(?i)\b(?:copyright|licen[cs]ed?|SPDX-License-Identifier)\b",
    "a task": r"^\W*(?:TODO|FIXME|XXX|HACK)\b",
    "a dividing line": r"^[\s/*]*[-=*#~_+]{3,}",
    "WIT that is commented out": r"(?m)^[\s/*]*(?:[%\w-]+\s*:\s*(?:\w+ )*func\s*\(.*|.*[\w>)}]\s*[;{])[\s*/]*$",
}
"""What a comment may be instead of documentation, and how to recognize that in its text without marks."""


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """One finding for each item, at the first comment that is not documentation."""
    if not item.comments:
        return
    for comment in above(item):
        kind = None if is_documentation(comment) or is_directive(comment) else _kind(comment)
        if kind is not None:
            help = "move it inside the item, to the end of a line, or after the last item"
            yield Finding(comment.span, f"{kind} becomes the documentation of {_named(item)}", help)
            return


def _kind(comment: nodes.Comment) -> str | None:
    text = comment.text.lstrip("/*")
    return next((kind for kind, pattern in _KINDS.items() if re.search(pattern, text)), None)


def _named(item: nodes.Item) -> str:
    if isinstance(item, nodes.PackageHeader):
        return "the package"
    name = getattr(item, "name", None)
    return f"`{name.name}`" if isinstance(name, nodes.Id) else "the item below it"


RULE = Rule(
    code="WIT1101",
    name="comment-becomes-documentation",
    category="correctness",
    presets=MINIMAL,
    on=(nodes.Item,),
    check=check,
    doc=__doc__,
)
