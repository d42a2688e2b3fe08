"""Deprecation in a version that cannot be.

## What it does

Reports a `@deprecated` whose version is before the `@since` of the item, or after the version of the package.

## Why

The version says in which release the item became deprecated. Before its first release it did not exist, and for a
release to come nobody can know it: every generator marks the item as deprecated today.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article. Use `price-of` instead.
  @since(version = 1.1.0)
  @deprecated(version = 1.0.0)
  price: func(article: string) -> u32;
  /// The price of an article. Use `price` instead.
  @since(version = 1.0.0)
  @deprecated(version = 1.2.0)
  price-of: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article. Use `price-of` instead.
  @since(version = 1.0.0)
  @deprecated(version = 1.1.0)
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.gates import Attributed, deprecation_of, gate_of, is_older, since
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir.places import name_span


def check(attributed: Attributed, context: Context) -> Iterator[Finding]:
    """At most one finding for each deprecated item."""
    item = attributed.item
    deprecation = deprecation_of(item)
    version, first, current = since(deprecation), since(gate_of(item)), context.package.name.version
    if deprecation is None or version is None:
        return
    name = (name_span(item) or item.span).text
    if first is not None and is_older(version, first):
        message = f"`{name}` is deprecated in {version}, and exists since {first}"
        yield Finding(deprecation.span, message, "write the version that deprecates it")
    elif current is not None and is_older(current, version):
        message = f"`{name}` is deprecated in {version}, and this is {current}"
        yield Finding(deprecation.span, message, f"write {current}, or leave this to version {version}")


RULE = Rule(
    code="WIT1205",
    name="impossible-deprecation",
    category="gates",
    presets=STANDARD,
    on=(Attributed,),
    check=check,
    doc=__doc__,
)
