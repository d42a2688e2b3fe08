"""Type that pages show without its argument.

## What it does

Reports a type such as `list<u8>` in documentation that is not written as code. The fix puts it in backticks.

## Why

Documentation is Markdown, and `<u8>` is a tag of HTML there. Pages show `list`, and the rest is gone.

## Bad

```wit
package example:shop;

interface prices {
  /// The same as price, for a list<string> of articles.
  prices: func(articles: list<string>) -> list<u32>;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The same as price, for a `list<string>` of articles.
  prices: func(articles: list<string>) -> list<u32>;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.prose import Documentation
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.text import Fix

_TYPE: Final = re.compile(
    r"(?<![\w`<&-])(?:list|option|result|tuple|map|stream|future|own|borrow|Vec|Option|Result|Array|Promise)"
    r"<(?:[^<>\n]|<(?:[^<>\n]|<[^<>\n]*>)*>)*>"
)
_TAG: Final = re.compile(r"<[A-Za-z][\w-]*>")


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each type."""
    for found in _TYPE.finditer(text.prose) if "<" in text.text else ():
        if _TAG.search(found[0]):
            place = text.span(*found.span())
            fix = Fix("write it as code", (replace(place, f"`{found[0]}`"),))
            yield Finding(place, f"pages take a part of {found[0]} for HTML", "put it in backticks", fix=fix)


RULE = Rule(
    code="WIT1323",
    name="type-read-as-html",
    category="documentation",
    presets=STANDARD,
    on=(Documentation,),
    check=check,
    doc=__doc__,
    fix="safe",
)
