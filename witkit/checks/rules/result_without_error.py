"""Result without a type for its error.

## What it does

Reports a function with a result that has no type for its error: `result` or `result<t>`.

## Why

Callers learn that the call failed, and not why: they can neither react nor say it to anybody. An error type cannot be
added later, because that changes the type of the function.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> result<u32>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why a price is missing.
  enum price-error { no-such-article, not-for-sale }
  /// The price of an article in cents.
  price: func(article: string) -> result<u32, price-error>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes


def check(item: nodes.Function | nodes.Extern, context: Context) -> Iterable[Finding]:
    """At most one finding."""
    signature = item.signature if isinstance(item, nodes.Function) else item.kind
    result = signature.result if isinstance(signature, nodes.Signature) else None
    if not isinstance(result, nodes.Generic) or result.constructor != "result" or len(result.arguments) > 1:
        return ()
    message = f"`{(name_span(item) or item.span).text}` does not say why it fails"
    return (Finding(result.span, message, "give the result an error type: `result<t, e>` or `result<_, e>`"),)


RULE = Rule(
    code="WIT1503",
    name="result-without-error",
    category="types",
    presets=STRICT,
    on=(
        nodes.Function,
        nodes.Extern,
    ),
    check=check,
    doc=__doc__,
)
