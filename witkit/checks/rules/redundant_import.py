"""Import or export that an `include` brings already.

## What it does

Reports an `import` or `export` of an interface in a world that includes a world with the same import or export. The fix
removes it. That is unsafe: the imports get another order, and the gates and the documentation of the item are lost.

## Why

The item adds nothing, and readers look for the reason why it is written twice.

## Bad

```wit
package example:shop;

interface prices {}

world base {
  import prices;
}

world shop {
  include base;
  import prices;
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
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.removal import without_item
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir import Loaded, model
from witkit.ir.written import IncludeText
from witkit.syntax import nodes
from witkit.text import Fix, Related


def check(extern: nodes.Extern, context: Context) -> Iterator[Finding]:
    """At most one finding for each import or export of an interface by its path."""
    world, item = context.element(context.parent), context.element(extern)
    if extern.name is not None or not isinstance(item, model.WorldInterface) or not isinstance(world, model.World):
        return
    include = context.once(_included, context.loaded, world).get((str(extern.direction), item.interface))
    if include is not None:
        edits = without_item(extern)
        fix = Fix(f"remove the {extern.direction}", edits, is_safe=False)
        message = f"the included world `{include.world.name}` {extern.direction}s `{item.interface.name}` already"
        related = (Related(include.span, "included here"),)
        yield Finding(extern.span, message, f"remove the {extern.direction}", related=related, fix=fix)


def _included(loaded: Loaded, world: model.World) -> dict[tuple[str, model.WorldKey], IncludeText]:
    """What includes bring to a world, each with the first `include` that brings it."""
    found: dict[tuple[str, model.WorldKey], IncludeText] = {}
    for include in loaded.written.text_of(world).includes:
        for verb, items in (("import", include.world.imports), ("export", include.world.exports)):
            for key in items:
                found.setdefault((verb, key), include)
    return found


RULE = Rule(
    code="WIT1651",
    name="redundant-import",
    category="uses",
    presets=STRICT,
    on=(nodes.Extern,),
    check=check,
    doc=__doc__,
    fix="unsafe",
)
