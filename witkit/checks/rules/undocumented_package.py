"""Package without documentation.

## What it does

Reports a package none of whose files has a comment `///` or `/** … */` above `package`.

## Why

Registries and generated pages begin with this text. Without it, a reader has to guess from the names of the interfaces
what the package is for.

## Bad

```wit
package example:shop;

interface prices {}
```

## Good

```wit
/// Articles, their prices, and how to buy them.
package example:shop;

interface prices {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir import model


def check(package: model.Package, context: Context) -> Iterator[Finding]:
    """One finding if the package has no documentation."""
    if package.span is not None and not getattr(package.docs, "meant", "").strip():
        help = "say what the package is for in a comment `///` above `package`, in one of its files"
        yield Finding(package.span, f"`{package.name}` has no documentation", help)


RULE = Rule(
    code="WIT1303",
    name="undocumented-package",
    category="documentation",
    presets=STRICT,
    on=(model.Package,),
    check=check,
    doc=__doc__,
)
