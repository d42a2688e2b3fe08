"""Documentation in a block comment.

## What it does

Reports a comment `/** … */` above an item, unless it has stars, about which there is [another
rule](starred-documentation.md). The fix writes it with `///`.

## Why

The proposals of WASI and the specification write documentation with `///` alone. Lines of a block comment keep their
indent in the documentation, and code in Markdown is what is indented.

## Bad

```wit
package example:shop;

/** What articles cost.

    In cents. */
interface prices {}
```

## Good

```wit
package example:shop;

/// What articles cost.
///
/// In cents.
interface prices {}
```

## Fixed

```wit
package example:shop;

/// What articles cost.
///
/// In cents.
interface prices {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import Commented, above, has_documentation_in_blocks, is_documentation
from witkit.checks.context import Context
from witkit.checks.prose import as_lines, has_stars
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.text import Fix


def check(commented: Commented, context: Context) -> Iterator[Finding]:
    """One finding for each such comment."""
    for comment in above(commented.item):
        if comment.is_block and is_documentation(comment) and not has_stars(comment):
            edit = as_lines(comment)
            fix = None if edit is None else Fix("write it with `///`", (edit,))
            yield Finding(comment.span, "this documentation is in a block comment", "write it with `///`", fix=fix)


RULE = Rule(
    code="WIT1329",
    name="block-documentation",
    category="documentation",
    presets=STRICT,
    on=(Commented,),
    check=check,
    applies=has_documentation_in_blocks,
    doc=__doc__,
    fix="safe",
)
