"""Result that is a long tuple.

## What it does

Reports a function that gives a tuple of three or more values back, also as the success of its result or inside an
option, list, future or stream.

## Why

The parts of a tuple have no names: callers have to know the order by heart, and documentation has no place for each.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Price, tax and rebate of an article in cents.
  price-of: func(article: string) -> tuple<u32, u32, u32>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// What an article costs, in cents.
  record price {
    net: u32,
    tax: u32,
    rebate: u32,
  }
  /// The price of an article.
  price-of: func(article: string) -> price;
}
```

## Options

- `least = 3` is the number of values from which on a tuple is reported.
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes


def check(signature: nodes.Signature, context: Context) -> Iterable[Finding]:
    """At most one finding."""
    found = _tuple_in(signature.result)
    if found is None:
        return ()
    least, count = context.options["least"], len(found.arguments)
    if not isinstance(least, int) or count < least:
        return ()
    message = f"the {count} values of this result have no names"
    return (Finding(found.span, message, "make a record with a name for each of them"),)


def _tuple_in(type_: nodes.Type | None) -> nodes.Generic | None:
    """The first tuple in a type; a tuple is the first one in itself."""
    if not isinstance(type_, nodes.Generic) or type_.constructor == "tuple":
        return type_ if isinstance(type_, nodes.Generic) else None
    return next((found for each in type_.arguments if (found := _tuple_in(each)) is not None), None)


RULE = Rule(
    code="WIT1523",
    name="tuple-result",
    category="types",
    presets=STRICT,
    on=(nodes.Signature,),
    check=check,
    doc=__doc__,
    options={"least": 3},
)
