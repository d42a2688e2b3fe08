"""Block of code without an end.

## What it does

Reports a line of three backticks or tildes in documentation that begins a block of code which nothing ends.

## Why

Documentation is Markdown: pages show everything after such a line as code, in some generators also the items that
follow.

## Bad

```wit
package example:shop;

interface prices {
  /// The price of an article:
  /// ```
  /// price("tea") == 250
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article:
  /// ```
  /// price("tea") == 250
  /// ```
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.prose import Documentation
from witkit.checks.rule import STANDARD, Finding, Rule

_FENCE: Final = re.compile(r"^[ \t]*(`{3,}(?=[^`\n]*$)|~{3,})[ \t]*(\S?)", re.MULTILINE)


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each item whose documentation ends inside a block of code."""
    begin: re.Match[str] | None = None
    for fence in _FENCE.finditer(text.text) if "```" in text.text or "~~~" in text.text else ():
        if begin is None:
            begin = fence
        elif fence[1].startswith(begin[1]) and not fence[2]:
            begin = None
    if begin:
        help = f"end the block with a line `{begin[1]}`"
        yield Finding(text.span(*begin.span(1)), "nothing ends this block of code", help)


RULE = Rule(
    code="WIT1321",
    name="unclosed-code-block",
    category="documentation",
    presets=STANDARD,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
