"""Name with capitals.

## What it does

Reports a name with a word in capitals, such as `HTTP-version`.

## Why

Languages have different rules for capitals, and generators know different ones: the type becomes `HttpVersion`,
`HTTPVersion` or `HTTP_version`. WIT compares such names without regard to case, but programs and documents do not.

## Bad

```wit
package example:shop;

interface labels {
  enum code { EAN, QR-code }
}
```

## Good

```wit
package example:shop;

interface labels {
  enum code { ean, qr-code }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import has_capitals
from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """One finding for each item with such a name."""
    name = getattr(item, "name", None)
    if isinstance(name, nodes.Id) and not name.name.islower() and not isinstance(item, nodes.Path | nodes.UsedName):
        yield Finding(name.span, f"`{name.name}` has capitals", f"write `{name.name.lower()}`")


RULE = Rule(
    code="WIT1412",
    name="uppercase-name",
    category="names",
    presets=STRICT,
    on=(nodes.Item,),
    check=check,
    doc=__doc__,
    applies=lambda context: context.once(has_capitals, context.file),
)
