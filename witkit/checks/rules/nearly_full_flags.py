"""Flags that are nearly full.

## What it does

Reports flags with 28 or more names. 32 are the limit.

## Why

The component model has no place for a 33rd flag. If the set grows like that, it is soon full, and a second set beside
the first is harder to explain than a better type now.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Days of a month on which a price is lower.
  flags days {
    d1, d2, d3, d4, d5, d6, d7,
    d8, d9, d10, d11, d12, d13, d14,
    d15, d16, d17, d18, d19, d20, d21,
    d22, d23, d24, d25, d26, d27, d28,
  }
  /// The days on which an article is cheaper.
  cheaper: func(article: string) -> days;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Days of a month on which a price is lower.
  type days = list<u8>;
  /// The days on which an article is cheaper.
  cheaper: func(article: string) -> days;
}
```

## Options

- `most = 27` is how many flags there may be.
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes


def check(flags: nodes.Flags, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    most, count = context.options["most"], len(flags.flags)
    if isinstance(most, int) and count > most:
        message = f"`{flags.name.name}` has {count} of the 32 flags that are possible"
        yield Finding(flags.name.span, message, "divide the set, or use a list of an `enum`")


RULE = Rule(
    code="WIT1510",
    name="nearly-full-flags",
    category="types",
    presets=STRICT,
    on=(nodes.Flags,),
    check=check,
    doc=__doc__,
    options={"most": 27},
)
