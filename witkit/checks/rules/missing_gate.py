"""Item without a feature gate.

## What it does

Reports an interface, world, type, function, `use`, import, export or `include` with neither `@since` nor `@unstable`,
in a package that has a version. The fix copies the gate of the item around it, or else writes `@since` with the
package's version; that is right only for an item that is new in this version.

## Why

Readers see in which release an item came, and tools can leave out what a host does not have yet. Proposals of WASI are
required to say it for every item.

## Bad

```wit
package example:shop@1.0.0;

@since(version = 1.0.0)
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
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import line_above
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Fix

_GATES = ("since", "unstable")


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """One finding for each item without a gate of its own."""
    version = context.package.name.version
    if version is None or gate_of(item) is not None:
        return
    around = context.enclosing(nodes.Item)
    outer = gate_of(around) if around is not None else None
    gate = outer.span.text if outer is not None else f"@since(version = {version})"
    fix = Fix(f"add `{gate}`", (line_above(item.span, gate),), is_safe=False)
    place = name_span(item) or item.span
    yield Finding(
        place, f"`{place.text}` has no `@since` or `@unstable`", "say since which version it is there", fix=fix
    )


def gate_of(item: nodes.Item) -> nodes.Attribute | None:
    """The `@since` or `@unstable` of an item."""
    return next((each for each in item.attributes if each.name.name in _GATES), None)


RULE = Rule(
    code="WIT1201",
    name="missing-gate",
    category="gates",
    presets=WASI,
    on=(
        nodes.Interface,
        nodes.World,
        nodes.Alias,
        nodes.Record,
        nodes.Variant,
        nodes.Enum,
        nodes.Flags,
        nodes.Resource,
        nodes.Function,
        nodes.Use,
        nodes.Extern,
        nodes.Include,
    ),
    check=check,
    doc=__doc__,
    fix="unsafe",
)
