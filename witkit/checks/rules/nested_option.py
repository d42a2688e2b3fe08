"""Option of an option, or result of a result.

## What it does

Reports `option<option<t>>` and `result<result<…>, e>`, also if aliases name the inner type.

## Why

Languages with `null` cannot distinguish the two kinds of nothing, so their bindings have to wrap one of them. Readers
do not know what each of them means. The same is true of two kinds of success.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents, if it is known and not free.
  price-of: func(article: string) -> option<option<u32>>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// What an article costs.
  variant price {
    unknown,
    free,
    cents(u32),
  }
  /// The price of an article.
  price-of: func(article: string) -> price;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.types import meaning
from witkit.ir import model
from witkit.syntax import nodes

_KINDS = {"option": model.Option, "result": model.Result}


def check(outer: nodes.Generic, context: Context) -> Iterable[Finding]:
    """One finding for each inner type."""
    return _nested(outer, outer.constructor, context) if outer.constructor in _KINDS else ()


def _nested(outer: nodes.Generic, kind: str, context: Context) -> Iterator[Finding]:
    for inner in outer.arguments:
        named = meaning(inner, context)
        type_ = model.unalias(named) if named is not None else None
        if inner is not None and isinstance(type_, model.TypeDef) and isinstance(type_.kind, _KINDS[kind]):
            a = "an option" if kind == "option" else "a result"
            yield Finding(inner.span, f"{a} directly inside {a}", "name the cases in a `variant`")


RULE = Rule(
    code="WIT1508",
    name="nested-option",
    category="types",
    presets=STRICT,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
)
