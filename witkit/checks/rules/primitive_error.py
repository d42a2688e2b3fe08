"""Error that is a text or a number.

## What it does

Reports a result whose error is a text or a number, such as `result<t, string>`, also if an alias names it.

## Why

Programs cannot react to a text, except by comparing what it says, which then nobody can change. The meaning of a number
is written nowhere.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> result<u32, string>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why a price is missing.
  variant price-error {
    no-such-article,
    other(string),
  }
  /// The price of an article in cents.
  price: func(article: string) -> result<u32, price-error>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.types import meaning
from witkit.ir import model
from witkit.syntax import nodes


def check(result: nodes.Generic, context: Context) -> Iterable[Finding]:
    """At most one finding."""
    if result.constructor != "result" or len(result.arguments) != 2:
        return ()
    error = result.arguments[1]
    named = meaning(error, context)
    type_ = model.unalias(named) if named is not None else None
    if error is None or not isinstance(type_, model.Primitive) or type_ is model.Primitive.ERROR_CONTEXT:
        return ()
    help = "name the errors in an `enum` or a `variant`, with a case `other(string)` for the rest"
    return (Finding(error.span, f"the error of this result is only a `{type_}`", help),)


RULE = Rule(
    code="WIT1504",
    name="primitive-error",
    category="types",
    presets=STRICT,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
)
