"""Task in documentation.

## What it does

Reports a line of documentation that begins with `TODO`, `FIXME`, `XXX`, `TBD` or `TK`.

## Why

Tasks are for the people who write the interface. In its documentation they reach everybody who uses it, in each
language that bindings are generated for.

## Bad

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  ///
  /// TODO: which currency?
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
  // TODO: which currency?
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.prose import Documentation
from witkit.checks.rule import WASI, Finding, Rule

_TASK: Final = re.compile(r"^[ \t]*(?:[-*][ \t]+)?[*_(\[]*(TODO|FIXME|XXX|TBD|TK)\b", re.MULTILINE)


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each task, unless there is nothing else."""
    if not _TASK.search(text.text) or text.placeholder is not None:
        return
    for found in _TASK.finditer(text.prose):
        help = "file an issue, or write it as a comment `//` at the end of the block"
        yield Finding(text.span(*found.span(1)), "this task is part of the documentation", help)


RULE = Rule(
    code="WIT1325",
    name="task-in-documentation",
    category="documentation",
    presets=WASI,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
