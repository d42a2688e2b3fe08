"""Documentation with stars at the start of its lines.

## What it does

Reports a comment `/** … */` with a star at the start of each line. The fix writes it with `///`.

## Why

The stars are a habit from other languages. wasm-tools takes them for a part of the documentation, and in Markdown each
of them begins an item of a list.

## Bad

```wit
package example:shop;

/**
 * What articles cost.
 *
 * In cents.
 */
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
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.text import Fix


def check(commented: Commented, context: Context) -> Iterator[Finding]:
    """One finding for each such comment."""
    for comment in above(commented.item):
        if comment.is_block and is_documentation(comment) and has_stars(comment):
            edit = as_lines(comment)
            fix = None if edit is None else Fix("write it with `///`, without the stars", (edit,))
            yield Finding(
                comment.span, "the stars of this comment are part of the documentation", "write it with `///`", fix=fix
            )


RULE = Rule(
    code="WIT1328",
    name="starred-documentation",
    category="documentation",
    presets=STANDARD,
    on=(Commented,),
    check=check,
    applies=has_documentation_in_blocks,
    doc=__doc__,
    fix="safe",
)
