"""Owned handle that is spelled out.

## What it does

Reports `own<r>` if `r` alone means the same. The fix removes it. In `type t = own<r>`, both are different, and
nothing is reported.

## Why

The name of a resource as the type of a value is an owned handle. If it is written in two ways, readers look for a
difference that does not exist.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// A list of prices.
  resource catalog;
  /// Today's prices.
  today: func() -> own<catalog>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// A list of prices.
  resource catalog;
  /// Today's prices.
  today: func() -> catalog;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.removal import has_comments
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix


def check(type_: nodes.Handle, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if type_.ownership == "own" and not isinstance(context.parent, nodes.Alias):
        name = type_.resource.span.text
        fix = None if has_comments(type_.span) else Fix(f"write `{name}`", (replace(type_.span, name),))
        yield Finding(type_.span, f"`own<{name}>` is the same as `{name}`", f"write `{name}`", fix=fix)


RULE = Rule(
    code="WIT1520",
    name="explicit-own",
    category="types",
    presets=STANDARD,
    on=(nodes.Handle,),
    check=check,
    doc=__doc__,
    fix="safe",
)
