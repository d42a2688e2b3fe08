"""Link whose address is missing.

## What it does

Reports `[text][label]` in documentation if no line `[label]: address` follows in the same documentation.

## Why

Markdown shows such a link as text with brackets. Addresses that are defined for one item are unknown to all others.

## Bad

```wit
package example:shop;

interface prices {
  /// The price of an article, as [the standard][iso] wants it.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article, as [the standard][iso] wants it.
  ///
  /// [iso]: https://www.iso.org/iso-4217-currency-codes.html
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

_LINK: Final = re.compile(r"(?<![\]\w\\])\[[^\[\]\n]*[A-Za-z`][^\[\]\n]*\]\[([A-Za-z][^\[\]\n]*)\](?![\[(])")
_DEFINITION: Final = re.compile(r"^[ \t]*\[([^\[\]\n]+)\]:", re.MULTILINE)


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each such link."""
    if "][" not in text.text:
        return
    defined = {label.casefold() for label in _DEFINITION.findall(text.text)}
    for found in _LINK.finditer(text.without_blocks):
        if found[1].casefold() not in defined and text.prose[found.start(1)] != " ":
            help = f"add a line `[{found[1]}]: address` at the end of this documentation"
            yield Finding(text.span(*found.span(1)), f"nothing here defines `{found[1]}`", help)


RULE = Rule(
    code="WIT1312",
    name="undefined-link",
    category="documentation",
    presets=STANDARD,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
