"""Item that claims to exist before what it is in.

## What it does

Reports an item whose `@since` has a version before that of the interface, world or resource around it, and an item that
is `@since` inside one that is `@unstable`. The fix gives the item the gate of what is around it.

## Why

The item cannot be older or more stable than what it is in. One of the two gates is wrong, and readers cannot know which
release they need.

## Bad

```wit
package example:shop@1.1.0;

@since(version = 1.1.0)
interface prices {
  @since(version = 1.0.0)
  type cents = u32;
}
```

## Good

```wit
package example:shop@1.1.0;

@since(version = 1.0.0)
interface prices {
  @since(version = 1.1.0)
  type cents = u32;
}
```

## Fixed

```wit
package example:shop@1.1.0;

@since(version = 1.1.0)
interface prices {
  @since(version = 1.1.0)
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.gates import Attributed, feature, gates_around, is_older, rewritten, since
from witkit.checks.removal import has_comments
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Related


def check(attributed: Attributed, context: Context) -> Iterator[Finding]:
    """At most one finding for each item with a `@since`."""
    item = attributed.item
    own, *around = [*gates_around(context, item), None]
    outer = around[0] if around else None
    version = since(own)
    if own is None or outer is None or own not in item.attributes or version is None:
        return
    outer_version, name = since(outer), (name_span(item) or item.span).text
    if outer_version is not None and not is_older(version, outer_version):
        return
    if outer_version is not None:
        message = f"`{name}` exists since {version}, and what it is in since {outer_version}"
    else:
        message = f"`{name}` is stable, and what it is in belongs to the feature `{_feature(outer)}`"
    # Without the version that it claims, the item can only be as old as what is around it.
    fix = None if has_comments(outer.span) else rewritten(own, outer.span.text)
    help = "give it the gate of what it is in, or correct that one"
    yield Finding(own.span, message, help, related=(Related(outer.span, "the gate around it"),), fix=fix)


def _feature(gate: nodes.Attribute) -> str:
    name = feature(gate)
    return name.name if name is not None else ""


RULE = Rule(
    code="WIT1203",
    name="weaker-gate",
    category="gates",
    presets=STANDARD,
    on=(Attributed,),
    check=check,
    doc=__doc__,
    fix="safe",
)
