"""Dependency that is used nowhere.

## What it does

Reports packages in `deps/` that neither the package nor anything that it needs mentions. What items mention counts even
if their feature is off. In a package without interfaces and worlds, nothing is reported.

## Why

They are read and updated for nothing. Often they are an older version that stayed when the package took a newer one.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

```wit
// deps/money/money.wit
package example:money;

interface types {
  type cents = u32;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  use example:money/types.{cents};
  /// The price of an article.
  price: func(article: string) -> cents;
}
```

```wit
// deps/money/money.wit
package example:money;

interface types {
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.needed import needed_packages
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir import model
from witkit.text import Related


def check(package: model.Package, context: Context) -> Iterator[Finding]:
    """At most one finding, for all unused packages together."""
    # A package with nothing in it is a way to name a folder of dependencies to a tool.
    if package.span is None or package is not context.resolve.main[0] or not any(t.items for t in context.loaded.trees):
        return
    used = needed_packages(context.loaded)
    unused = {
        str(each.name): each.span for each in context.resolve.packages if each.span and str(each.name) not in used
    }
    if unused:
        names = ", ".join(f"`{name}`" for name in unused)
        message = f"nothing uses the {'dependency' if len(unused) == 1 else 'dependencies'} {names}"
        related = tuple(Related(place, "this package is not used") for place in unused.values())
        help = "remove what is not used from `deps/` and from the list of dependencies"
        yield Finding(package.span, message, help, related=related)


RULE = Rule(
    code="WIT1630",
    name="unused-dependency",
    category="uses",
    presets=STRICT,
    on=(model.Package,),
    check=check,
    doc=__doc__,
)
