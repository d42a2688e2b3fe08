"""Name that is used nowhere.

## What it does

Reports a name that a `use` brings into an interface or a world and that nothing there refers to, nor any other `use` of
the package. The fix removes it. It is unsafe in an interface that a world exports, whose names are part of what a host
expects, and for the whole `use` of a world, which then no longer imports the interface.

## Why

A `use` makes the other interface a dependency: every world that imports this one imports the other one as well, and a
host has to provide it.

## Bad

```wit
package example:shop;

interface types {
  type cents = u32;
  type article = string;
}

interface prices {
  use types.{article, cents};
  /// The price of an article.
  price: func() -> cents;
}
```

## Good

```wit
package example:shop;

interface types {
  type cents = u32;
}

interface prices {
  use types.{cents};
  /// The price of an article.
  price: func() -> cents;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from witkit.checks.context import Context
from witkit.checks.removal import is_used_elsewhere, without_used_names
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.checks.types import names_in_types
from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.text import Fix


def check(use: nodes.Use, context: Context) -> Iterator[Finding]:
    """One finding for each name of a `use`."""
    scope = context.enclosing(nodes.InlineInterface, nodes.Interface, nodes.World)
    assert scope is not None
    mentioned = context.once(names_in_types, scope)
    unused = [name for name in use.names if _name(name) not in mentioned and not is_used_elsewhere(name, context)]
    for name in unused:
        everything = len(unused) == len(use.names)
        is_import = everything and isinstance(scope, nodes.World)
        is_safe = not (is_import or context.once(_exported, context.loaded) & {id(context.element(scope))})
        fix = partial(_fix, use, use.names if everything else [name], is_safe)
        place = (name.alias or name.name).span
        yield Finding(place, f"`{_name(name)}` is used nowhere", "remove it from the `use`", fix=fix)


def _fix(use: nodes.Use, names: Sequence[nodes.UsedName], is_safe: bool) -> Fix | None:
    title = "remove the `use`" if len(names) == len(use.names) else f"remove `{names[0].span.text}`"
    edits = without_used_names(use, names)
    return Fix(title, edits, is_safe) if edits else None


def _name(name: nodes.UsedName) -> str:
    return (name.alias or name.name).name


def _exported(loaded: Loaded) -> frozenset[int]:
    """The interfaces that worlds export."""
    assert loaded.resolve is not None
    items = (item for world in loaded.resolve.worlds for item in world.exports.values())
    return frozenset(id(item.interface) for item in items if isinstance(item, model.WorldInterface))


RULE = Rule(
    code="WIT1601",
    name="unused-use",
    category="uses",
    presets=STANDARD,
    on=(nodes.Use,),
    check=check,
    doc=__doc__,
    fix="safe",
)
