"""World that is included twice.

## What it does

Reports an `include` of a world that the same world includes already, with the same new names. The fix removes it.

## Why

The second one adds nothing. Often another world was meant.

## Bad

```wit
package example:shop;

interface prices {}

world base {
  import prices;
}

world shop {
  include base;
  include base;
}
```

## Good

```wit
package example:shop;

interface prices {}

world base {
  import prices;
}

world shop {
  include base;
}
```

## Fixed

```wit
package example:shop;

interface prices {}

world base {
  import prices;
}

world shop {
  include base;
}
```
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from witkit.checks.context import Context
from witkit.checks.references import references
from witkit.checks.removal import without_item
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix, Related


def check(include: nodes.Include, context: Context) -> Iterator[Finding]:
    """At most one finding for each `include`."""
    world = context.parent
    assert isinstance(world, nodes.World)
    first = context.once(_repeated, world, context).get(include)
    if first is not None:
        edits = without_item(include)
        message = f"world `{world.name.name}` includes `{include.path.span.text}` already"
        related = (Related(first.span, "the first one"),)
        fix = Fix("remove the `include`", edits)
        yield Finding(include.path.span, message, "remove it, or name another world", related=related, fix=fix)


def _repeated(world: nodes.World, context: Context) -> dict[nodes.Include, nodes.Include]:
    """Each `include` that adds nothing, with the one before it that has the same world and the same new names."""
    first: dict[Hashable, nodes.Include] = {}
    found = {}
    for include in (item for item in world.items if isinstance(item, nodes.Include)):
        for _, target in references(include, context):
            names = frozenset((each.name.name, each.alias.name if each.alias else "") for each in include.renames)
            if (before := first.setdefault((target, names), include)) is not include:
                found[include] = before
    return found


RULE = Rule(
    code="WIT1650",
    name="repeated-include",
    category="uses",
    presets=STANDARD,
    on=(nodes.Include,),
    check=check,
    doc=__doc__,
    fix="safe",
)
