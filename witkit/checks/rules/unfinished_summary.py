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
from witkit.checks.prose import Documentation
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes

_END: Final = re.compile(r"\n[ \t]*(?:\n|[-*+] |#+ |>|\||```|~~~|\d+[.)] )")
"""What ends a paragraph: an empty line, or a line that begins something else."""
_BEGINS: Final = re.compile(r"[^a-z]")
_ENDS: Final = re.compile(r"(?:[.!?:…)>`\]][\"'*_)]*|https?://\S+)\Z")


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each item."""
    if isinstance(text.item, nodes.Field | nodes.Case | nodes.Parameter):
        return
    start = len(text.text) - len(text.text.lstrip())
    end = _END.search(text.text, start)
    summary = text.text[start : end.start() if end else None].rstrip()
    if not summary or summary.startswith("#") or (_BEGINS.match(summary) and _ENDS.search(summary[-100:])):
        return
    if text.placeholder is not None:
        return
    if not _BEGINS.match(summary):
        place = text.span(start, start + 1)
        yield Finding(place, "the summary begins with a small letter", "make a sentence of the first paragraph")
    else:
        place = text.span(start + len(summary) - 1, start + len(summary))
        yield Finding(place, "the summary has no full stop", "end the first paragraph with one")


RULE = Rule(
    code="WIT1326",
    name="unfinished-summary",
    category="documentation",
    presets=STRICT,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
