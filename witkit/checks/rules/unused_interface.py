"""Interface that is in no world.

## What it does

Reports an interface that no world of the package imports or exports, itself or through an interface that uses it. In a
package without worlds, nothing is reported.

## Why

Tools make bindings and documentation for worlds. An interface that was forgotten in them is in none of these, and no
component of this package can import or export it.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}

/// What is in store.
interface stock {
  /// How many of an article there are.
  count: func(article: string) -> u32;
}

/// Sells articles.
world shop {
  import prices;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}

/// What is in store.
interface stock {
  /// How many of an article there are.
  count: func(article: string) -> u32;
}

/// Sells articles.
world shop {
  import prices;
  import stock;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir import Loaded, model
from witkit.syntax import nodes


def check(interface: nodes.Interface, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    element = context.element(interface)
    if not isinstance(element, model.Interface) or not context.once(_has_all_worlds, context.loaded):
        return
    if context.package.worlds and element not in context.once(_in_worlds, context.loaded):
        message = f"no world of the package has interface `{interface.name.name}`"
        yield Finding(interface.name.span, message, "import or export it in a world")


def _has_all_worlds(loaded: Loaded) -> bool:
    """Whether no feature that is off leaves out a world or one of its items."""
    worlds = [item for tree in loaded.trees for item in tree.items if isinstance(item, nodes.World)]
    externs = [item for world in worlds for item in world.items if isinstance(item, nodes.Extern)]
    return all(loaded.element(each) is not None for each in (*worlds, *externs))


def _in_worlds(loaded: Loaded) -> frozenset[model.Interface]:
    """The interfaces that worlds import and export."""
    assert loaded.resolve is not None
    found: set[model.Interface] = set()
    for world in loaded.resolve.worlds:
        items = (*world.imports.values(), *world.exports.values())
        found.update(item.interface for item in items if isinstance(item, model.WorldInterface))
    return frozenset(found)


RULE = Rule(
    code="WIT1613",
    name="unused-interface",
    category="uses",
    presets=STRICT,
    on=(nodes.Interface,),
    check=check,
    doc=__doc__,
)
