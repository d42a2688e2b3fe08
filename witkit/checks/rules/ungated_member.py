"""Item without a gate in an item with one.

## What it does

Reports an item with neither `@since` nor `@unstable` in an interface, world or resource that has one. The fix copies
the gate of the item around it. For `@since`, that is right only if the item is as old as what is around it.

## Why

Without a gate of its own, nobody can see whether the item has existed from the beginning. Types without a gate in an
interface that is `@unstable` are an error as long as the feature is off.

## Bad

```wit
package example:shop@1.1.0;

@since(version = 1.0.0)
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop@1.1.0;

@since(version = 1.0.0)
interface prices {
  /// The price of an article in cents.
  @since(version = 1.1.0)
  price: func(article: string) -> u32;
}
```

## Fixed

```wit
package example:shop@1.1.0;

@since(version = 1.0.0)
interface prices {
  /// The price of an article in cents.
  @since(version = 1.0.0)
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import line_above
from witkit.checks.gates import GATED, gate_for, gate_of, has_gates
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Fix, Related


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """One finding for each item without a gate of its own that is in one with a gate."""
    gate = gate_for(context, item)
    if gate is None or gate_of(item) is not None:
        return
    fix = Fix(f"add `{gate.span.text}`", (line_above(item.span, gate.span.text),), is_safe=False)
    place = name_span(item) or item.span
    message = f"`{place.text}` has no `@since` or `@unstable`, and what it is in has one"
    related = (Related(gate.span, "the gate around it"),)
    yield Finding(place, message, "name the version that added it: `@since(version = …)`", related=related, fix=fix)


RULE = Rule(
    code="WIT1202",
    name="ungated-member",
    category="gates",
    presets=WASI,
    on=GATED,
    check=check,
    doc=__doc__,
    fix="unsafe",
    applies=lambda context: context.once(has_gates, context.loaded),
)
