"""Package without a version.

## What it does

Reports a package whose header has no version.

## Why

Gates, registries and hosts refer to versions: `@since` needs one, and without it a host cannot distinguish two states
of the package. Proposals of WASI have a version from their second phase on.

## Bad

```wit
package example:shop;

interface prices {
  type cents = u32;
}
```

## Good

```wit
package example:shop@0.1.0;

interface prices {
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir import model


def check(package: model.Package, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if package.name.version is None and package.span is not None:
        message = f"the package `{package.name}` has no version"
        yield Finding(package.span, message, f"write `package {package.name}@0.1.0;`, in every file with a header")


RULE = Rule(
    code="WIT1212",
    name="unversioned-package",
    category="gates",
    presets=WASI,
    on=(model.Package,),
    check=check,
    doc=__doc__,
)
