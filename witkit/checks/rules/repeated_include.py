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

from collections.abc import Iterator

from witkit.checks.comments import above
from witkit.checks.context import Context
from witkit.checks.edits import remove
from witkit.checks.references import references
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix, Related


def check(include: nodes.Include, context: Context) -> Iterator[Finding]:
    """At most one finding for each `include`."""
    world = context.parent
    meant = _meant(include, context)
    if not isinstance(world, nodes.World) or meant is None:
        return
    others = [item for item in world.items if isinstance(item, nodes.Include) and item is not include]
    for other in others:
        if other.span.start < include.span.start and _meant(other, context) == meant:
            edits = (*(remove(comment.span) for comment in above(include)), remove(include.span))
            message = f"world `{world.name.name}` includes `{include.path.span.text}` already"
            related = (Related(other.span, "the first one"),)
            fix = Fix("remove the `include`", edits)
            yield Finding(include.path.span, message, "remove it, or name another world", related=related, fix=fix)
            return


def _meant(include: nodes.Include, context: Context) -> object:
    """The world and the new names; None if the feature of the `include` is off."""
    target = next((target for _, target in references(include, context)), None)
    renames = {each.name.name: each.alias.name if each.alias else "" for each in include.renames}
    return None if target is None else (target, renames)


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
