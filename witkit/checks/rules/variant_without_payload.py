"""Variant whose cases have no payload.

## What it does

Reports a variant none of whose cases has a payload. The fix makes it an enum. It is unsafe: the type changes, so
old components and hosts no longer fit.

## Why

An enum is what WIT has for this. Bindings make an enumeration of it, with names that can be compared, listed and used
as keys; of a variant, many make a class per case. A payload cannot be added later, because that changes the type, too.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// How sure a price is.
  variant certainty {
    fixed,
    estimated,
  }
  /// How sure the price of an article is.
  certain: func(article: string) -> certainty;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// How sure a price is.
  enum certainty {
    fixed,
    estimated,
  }
  /// How sure the price of an article is.
  certain: func(article: string) -> certainty;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.syntax.walk import elements
from witkit.text import Fix


def check(variant: nodes.Variant, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if any(case.payload is not None for case in variant.cases):
        return
    keyword = next(each for each in elements(variant) if isinstance(each, nodes.Leaf) and each.text == "variant")
    fix = Fix("make it an enum", (replace(keyword.span, "enum"),), is_safe=False)
    message = f"no case of variant `{variant.name.name}` has a payload"
    yield Finding(variant.name.span, message, "make it an `enum`, while nobody depends on it", fix=fix)


RULE = Rule(
    code="WIT1501",
    name="variant-without-payload",
    category="types",
    presets=STANDARD,
    on=(nodes.Variant,),
    check=check,
    doc=__doc__,
    fix="unsafe",
)
