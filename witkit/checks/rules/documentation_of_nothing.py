"""Documentation of nothing.

## What it does

Reports a comment `///` or `/** … */` that no item follows: at the end of a block or of the file, or inside an item.

## Why

No tool reads it. Often the item that it documents was moved or removed, or the comment should be above the block.

## Bad

```wit
package example:shop;

interface prices {
  /// What articles cost.
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from witkit.checks.comments import has_documentation, is_documentation
from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes

_NOT_AN_ITEM = frozenset("{}()<>,;:=.-")
"""How the text goes on after a comment that documents nothing; an item begins with a word, `%` or `@`."""


_FOLLOWING: Final = re.compile(r"\S")


def check(file: nodes.File, context: Context) -> Iterator[Finding]:
    """One finding for each run of comments, at the first that is documentation."""
    for run in _runs(file):
        documentation = next((each for each in run if is_documentation(each) and not _trails(each)), None)
        following = _FOLLOWING.search(file.source.text, run[-1].span.end) if documentation else None
        if documentation and (following is None or following[0] in _NOT_AN_ITEM):
            yield Finding(documentation.span, "this documents nothing", "move it above the item that it is about")


def _trails(comment: nodes.Comment) -> bool:
    """Whether it is after an item in the same line."""
    text, start = comment.span.source.text, comment.span.start
    return text[text.rfind("\n", 0, start) + 1 : start].rstrip().endswith((",", ";", "}"))


def _runs(file: nodes.File) -> Iterator[list[nodes.Comment]]:
    """The comments, in groups with nothing but space inside."""
    run = file.comments[:1]
    for before, comment in pairwise(file.comments):
        if file.source.text[before.span.end : comment.span.start].strip():
            yield run
            run = []
        run.append(comment)
    if run:
        yield run


RULE = Rule(
    code="WIT1132",
    name="documentation-of-nothing",
    category="correctness",
    presets=MINIMAL,
    on=(nodes.File,),
    check=check,
    applies=has_documentation,
    doc=__doc__,
)
