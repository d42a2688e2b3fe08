"""World without documentation.

## What it does

Reports a world without a comment `///` or `/** … */` directly above it. Tools take a comment `//` for documentation as
well; the fix makes it a `///`.

## Why

A world is the contract between a component and a host. Its documentation says which kind of program it is for, and what
a host promises to programs that target it.

## Bad

```wit
package example:shop;

interface prices {}

// What a program needs that sells something.
world till {
  import prices;
}
```

## Good

```wit
package example:shop;

interface prices {}

/// What a program needs that sells something.
world till {
  import prices;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.checks.undocumented import undocumented
from witkit.syntax import nodes


def check(world: nodes.World, context: Context) -> Iterable[Finding]:
    """One finding for each world without documentation."""
    return undocumented(world, world.name.span)


RULE = Rule(
    code="WIT1304",
    name="undocumented-world",
    category="documentation",
    presets=WASI,
    on=(nodes.World,),
    check=check,
    doc=__doc__,
    fix="safe",
)
