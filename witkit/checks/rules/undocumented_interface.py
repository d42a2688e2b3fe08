"""Interface without documentation.

## What it does

Reports an interface without a comment `///` or `/** … */` directly above it. Tools take a comment `//` for
documentation as well; the fix makes it a `///`.

## Why

The documentation of an interface says what it is for and how its parts belong together: which function comes first,
what has to be closed, what a host may refuse. The documentation of single functions has no place for that.

## Bad

```wit
package example:shop;

// What articles cost.
interface prices {
  type cents = u32;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.checks.undocumented import undocumented
from witkit.syntax import nodes


def check(interface: nodes.Interface, context: Context) -> Iterable[Finding]:
    """One finding for each interface without documentation."""
    return undocumented(interface, interface.name.span)


RULE = Rule(
    code="WIT1302",
    name="undocumented-interface",
    category="documentation",
    presets=WASI,
    on=(nodes.Interface,),
    check=check,
    doc=__doc__,
    fix="safe",
)
