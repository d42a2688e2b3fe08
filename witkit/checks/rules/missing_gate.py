"""Item without a feature gate.

## What it does

Reports an interface, world, type, function, `use`, import, export or `include` with neither `@since` nor `@unstable`,
in a package that has a version. What is in an item with a gate is reported by `ungated-member`. The fix writes `@since`
with the package's version; that is right only for an item that is new in this version.

## Why

Readers see in which release an item came, and tools can leave out what a host does not have yet. Proposals of WASI are
required to say it for every item.

## Bad

```wit
package example:shop@1.0.0;

interface prices {
  type cents = u32;
}
```

## Good

```wit
package example:shop@1.0.0;

@since(version = 1.0.0)
interface prices {
  @since(version = 1.0.0)
  type cents = u32;
}
```

## Fixed

```wit
package example:shop@1.0.0;

@since(version = 1.0.0)
interface prices {
  @since(version = 1.0.0)
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from witkit.checks.context import Context
from witkit.checks.edits import line_above
from witkit.checks.gates import GATED, gate_for, has_gates
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Fix


def check(item: nodes.Item, context: Context) -> Iterable[Finding]:
    """One finding for each item without a gate of its own or around it."""
    version = context.package.name.version
    if version is None or (context.once(has_gates, context.loaded) and gate_for(context, item) is not None):
        return ()
    place = name_span(item) or item.span
    message = f"`{place.text}` has no `@since` or `@unstable`"
    return (
        Finding(
            place,
            message,
            "name the version that added it: `@since(version = …)`",
            "",
            (),
            partial(_fix, item, version),
        ),
    )


def _fix(item: nodes.Item, version: object) -> Fix:
    gate = f"@since(version = {version})"
    return Fix(f"add `{gate}`", (line_above(item.span, gate),), is_safe=False)


RULE = Rule(
    code="WIT1201",
    name="missing-gate",
    category="gates",
    presets=WASI,
    on=GATED,
    check=check,
    doc=__doc__,
    fix="unsafe",
)
