"""Documentation after a gate.

## What it does

Reports a comment `///` or `/** … */` between an attribute (`@since`, `@unstable`, …) and its item. The fix moves it
above the attributes.

## Why

wasm-tools reads documentation only above the attributes. What comes after them is missing from every page and binding
that is generated.

## Bad

```wit
package example:shop@1.0.0;

@since(version = 1.0.0)
/// What articles cost.
interface prices {}
```

## Good

```wit
package example:shop@1.0.0;

/// What articles cost.
@since(version = 1.0.0)
interface prices {}
```

## Fixed

```wit
package example:shop@1.0.0;

/// What articles cost.
@since(version = 1.0.0)
interface prices {}
```
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from witkit.checks.comments import is_documentation
from witkit.checks.context import Context
from witkit.checks.edits import line_above, remove
from witkit.checks.gates import Attributed
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Fix


def check(attributed: Attributed, context: Context) -> Iterator[Finding]:
    """One finding for each item, at the first comment."""
    item = attributed.item
    place = name_span(item)
    if place is None:
        return
    lost = [each for each in _between(context.file, item.span.start, place.start) if is_documentation(each)]
    if not lost:
        return
    edits = [remove(comment.span) for comment in lost]
    moved = [line_above(item.span, comment.text) for comment in lost]
    fix = Fix("move it above the attributes", (*moved, *edits))
    message = f"tools do not read this documentation of `{place.text}`"
    yield Finding(lost[0].span, message, "move it above the attributes", fix=fix)


def _between(file: nodes.File, start: int, end: int) -> list[nodes.Comment]:
    def at(comment: nodes.Comment) -> int:
        return comment.span.start

    return file.comments[bisect_left(file.comments, start, key=at) : bisect_left(file.comments, end, key=at)]


RULE = Rule(
    code="WIT1130",
    name="documentation-after-gate",
    category="correctness",
    presets=MINIMAL,
    on=(Attributed,),
    check=check,
    doc=__doc__,
    fix="safe",
)
