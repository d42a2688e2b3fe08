"""Import that a `use` adds beside an export.

## What it does

Reports a `use` in a world from an interface that the world exports and does not import.

## Why

The `use` takes the types from an import: the world imports the interface as well as exporting it, and hosts have to
provide it. A resource of the import and a resource of the export are different types even though they have one name.

## Bad

```wit
package example:shop;

interface articles {
  resource article;
}

world shop {
  use articles.{article};
  export articles;
  export price: func(of: article) -> u32;
}
```

## Good

```wit
package example:shop;

interface articles {
  resource article;
}

interface prices {
  use articles.{article};
  /// The price of an article in cents.
  price: func(of: article) -> u32;
}

world shop {
  export articles;
  export prices;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import model
from witkit.syntax import nodes


def check(use: nodes.Use, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    node = context.parent
    world = context.element(node)
    if not isinstance(node, nodes.World) or not isinstance(world, model.World):
        return
    used = next((owner for name in use.names if (owner := _owner(context.element(name))) is not None), None)
    if used is None or used not in world.exports or used in context.once(_imported, world, node, context):
        return
    message = f"this also imports `{use.path.span.text}`, which world `{world.name}` exports"
    help = (
        "move what needs the type to an interface with a `use` of its own and export that, or write "
        f"`import {use.path.span.text};` if the world needs both"
    )
    yield Finding(use.path.span, message, help)


def _owner(used: object) -> model.Interface | None:
    """The interface that a name in a `use` comes from."""
    target = used.kind.type if isinstance(used, model.TypeDef) and isinstance(used.kind, model.Alias) else None
    owner = target.owner if isinstance(target, model.TypeDef) else None
    return owner if isinstance(owner, model.Interface) else None


def _imported(world: model.World, node: nodes.World, context: Context) -> frozenset[model.Interface]:
    """The interfaces that the text of a world imports, by itself or with an `include`."""
    externs = [item for item in node.items if isinstance(item, nodes.Extern)]
    imports = [context.element(each) for each in externs if each.direction is nodes.Direction.IMPORT and not each.name]
    included = [each.world for each in context.loaded.written.text_of(world).includes]
    found = {each.interface for each in imports if isinstance(each, model.WorldInterface)}
    return frozenset(found.union(key for each in included for key in each.imports if isinstance(key, model.Interface)))


RULE = Rule(
    code="WIT1116",
    name="implicit-import",
    category="correctness",
    presets=STANDARD,
    on=(nodes.Use,),
    check=check,
    doc=__doc__,
)
