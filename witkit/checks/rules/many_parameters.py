"""Function with many parameters.

## What it does

Reports functions with more than five parameters.

## Why

Callers mix up parameters of the same type. A parameter cannot be added later, because that changes the type of the
function; a record makes it clear which value is which.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Offer an article.
  offer: func(name: string, maker: string, color: string, size: u32, weight: u32, price: u32);
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// An article that can be bought.
  record article {
    name: string,
    maker: string,
    color: string,
    size: u32,
    weight: u32,
  }
  /// Offer an article.
  offer: func(article: article, price: u32);
}
```

## Options

- `most = 5` is how many parameters a function may have.
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Span


def check(signature: nodes.Signature, context: Context) -> Iterable[Finding]:
    """At most one finding."""
    most, count = context.options["most"], len(signature.params)
    if not isinstance(most, int) or count <= most:
        return ()
    place = Span(signature.span.source, signature.params[most].span.start, signature.params[-1].span.end)
    return (Finding(place, f"this function has {count} parameters", "put those that belong together into a record"),)


RULE = Rule(
    code="WIT1507",
    name="many-parameters",
    category="types",
    presets=STRICT,
    on=(nodes.Signature,),
    check=check,
    doc=__doc__,
    options={"most": 5},
)
