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

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes
from witkit.syntax.walk import walk


def check(signature: nodes.Signature, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    least = context.options["least"]
    for node, _ in walk(signature.result) if signature.result is not None else ():
        if isinstance(node, nodes.Generic) and node.constructor == "tuple":
            if isinstance(least, int) and len(node.arguments) >= least:
                message = f"the {len(node.arguments)} values of this result have no names"
                yield Finding(node.span, message, "make a record with a name for each of them")
            return


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
