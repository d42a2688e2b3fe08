"""Deprecated item whose documentation does not say what to use.

## What it does

Reports an item that is `@deprecated`, and whose documentation neither names another item in backquotes nor says what
happens to it, with a word such as "instead", "replaced" or "removed".

## Why

Generators copy the documentation into the warning that users of the item get. They need to know what to write instead.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article in cents.
  @since(version = 1.0.0)
  @deprecated(version = 1.1.0)
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article in cents. Use `price-of` instead.
  @since(version = 1.0.0)
  @deprecated(version = 1.1.0)
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.gates import Attributed, deprecation_of
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir.places import name_span

_ADVICE: Final = re.compile(r"`[^`]+`|(?i:\b(?:instead|replace|prefer|favou?r|remove|supersede|moved|renamed|alias))")


def check(attributed: Attributed, context: Context) -> Iterator[Finding]:
    """One finding for each deprecated item."""
    item = attributed.item
    if deprecation_of(item) is None or any(_ADVICE.search(comment.text) for comment in item.comments):
        return
    place = name_span(item) or item.span
    message = f"`{place.text}` is deprecated, and its documentation does not name a replacement"
    yield Finding(place, message, "write what to use instead")


RULE = Rule(
    code="WIT1211",
    name="deprecated-without-replacement",
    category="gates",
    presets=WASI,
    on=(Attributed,),
    check=check,
    doc=__doc__,
)
