"""Summary that is not a sentence.

## What it does

Reports documentation whose first paragraph does not begin with a capital, a digit or code, or does not end with a full
stop, a colon, or another mark at the end of a sentence. Headings and links may end it as well. Fields, cases, flags and
parameters are not looked at: a few words are enough for them.

## Why

Indexes and editors show the first paragraph alone. Generators for some languages append more sentences to it.

## Bad

```wit
package example:shop;

interface prices {
  /// price of an article
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article.
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.prose import documentation
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes

_PARAGRAPH: Final = re.compile(
    r"\S.*?(?=[ \t]*\n[ \t]*\n|[ \t]*\n[ \t]*(?:[-*+] |#+ |>|\||```|~~~|\d+[.)] )|\s*\Z)", re.DOTALL
)
_BEGINS: Final = re.compile(r"[^a-z]")
_ENDS: Final = re.compile(r"(?:[.!?:…)>`\]][\"'*_)]*|https?://\S+)\Z")


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """One finding for each item."""
    text = context.once(documentation, item)
    if text is None or isinstance(item, nodes.Field | nodes.Case | nodes.Parameter) or text.placeholder is not None:
        return
    summary = _PARAGRAPH.search(text.text)
    if summary is None or summary[0].startswith("#"):
        return
    if not _BEGINS.match(summary[0]):
        place = text.span(summary.start(), summary.start() + 1)
        yield Finding(place, "the summary begins with a small letter", "make a sentence of the first paragraph")
    elif not _ENDS.search(summary[0]):
        place = text.span(summary.end() - 1, summary.end())
        yield Finding(place, "the summary has no full stop", "end the first paragraph with one")


RULE = Rule(
    code="WIT1326",
    name="unfinished-summary",
    category="documentation",
    presets=STRICT,
    on=(nodes.Item,),
    check=check,
    doc=__doc__,
)
