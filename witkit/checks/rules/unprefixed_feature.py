"""Feature without the name of its package.

## What it does

Reports an `@unstable` whose feature does not begin with the name of the package.

## Why

The features of all packages share one set of names: `--features timezone` turns on every feature of that name.
Proposals of WASI therefore begin the names of their features with their own name.

## Bad

```wit
package example:shop;

interface prices {
  /// The discount on an article.
  @unstable(feature = discounts)
  discount: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The discount on an article.
  @unstable(feature = shop-discounts)
  discount: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.gates import Attributed, feature, gate_of
from witkit.checks.rule import WASI, Finding, Rule


def check(attributed: Attributed, context: Context) -> Iterator[Finding]:
    """One finding for each gate."""
    item = attributed.item
    name, package = feature(gate_of(item)), context.package.name.name
    if name is not None and name.name != package and not name.name.startswith(f"{package}-"):
        message = f"the feature `{name.name}` does not begin with `{package}-`"
        yield Finding(
            name.span, message, f"call it `{package}-{name.name}`, here and in every command that turns it on"
        )


RULE = Rule(
    code="WIT1208",
    name="unprefixed-feature",
    category="gates",
    presets=WASI,
    on=(Attributed,),
    check=check,
    doc=__doc__,
)
