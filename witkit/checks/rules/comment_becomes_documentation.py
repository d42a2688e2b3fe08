"""Comment that becomes documentation.

## What it does

Reports a comment `//` or `/* … */` above an item if it does not read as documentation: a licence, a task (`TODO`), a
line that divides the file, or WIT that is commented out. A licence at the top of the file is reported in `///` and `/**
… */` as well.

## Why

Every tool takes all comments directly above an item for its documentation, whatever their marks, and an empty line
between them does not change that. The licence of the file then is the documentation of the package, in every page and
binding that is generated from it. Comments at the end of a block, and those after the last item of a file, are only
comments.

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
  record article { name: string }
  // TODO: make article a resource
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import Commented, above, is_directive, is_documentation, something_else
from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes


def check(commented: Commented, context: Context) -> Iterator[Finding]:
    """One finding for each item, at the first comment that is not documentation."""
    item = commented.item
    may_have_licence = item is context.file.package or item in context.file.items[:1]
    for comment in above(item):
        kind = something_else(comment)
        # Few comments are anything else, so this is asked first.
        if kind is None or is_directive(comment) or (is_documentation(comment) and not may_have_licence):
            continue
        if kind == "a licence" or not is_documentation(comment):
            help = "move it to the end of the block or of the file, or remove it"
            yield Finding(comment.span, f"{kind} becomes the documentation of {_named(item)}", help)
            return


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
    on=(Commented,),
    check=check,
    doc=__doc__,
)
