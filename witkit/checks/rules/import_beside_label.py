"""Unlabelled import beside a labelled one.

## What it does

Reports an item of a world that needs a resource of an interface which the world imports only with a label. The world
then imports the interface once more, without the label.

## Why

`use` always means the unlabelled interface. The world below imports two stores, and not one: hosts have to provide
both, and a bucket of `orders` does not fit the functions of `atomics`, because each import has its own resource type.

## Bad

```wit
package example:shop;

/// Stores for values.
interface store {
  /// A named collection of values.
  resource bucket;
}

/// Changes to values in one step.
interface atomics {
  use store.{bucket};
  /// Add to a number, and return the sum.
  increment: func(bucket: borrow<bucket>, key: string, by: u32) -> u32;
}

/// Keeps orders.
world shop {
  import orders: store;
  import atomics;
}
```

## Good

```wit
package example:shop;

/// Stores for values.
interface store {
  /// A named collection of values.
  resource bucket {
    /// Add to a number in one step, and return the sum.
    increment: func(key: string, by: u32) -> u32;
  }
}

/// Keeps orders.
world shop {
  import orders: store;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from witkit.checks.context import Context
from witkit.checks.resources import has_resource, with_used
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import model
from witkit.ir.resolve.elaborate import used_interface
from witkit.syntax import nodes
from witkit.text import Related, Span


def check(node: nodes.World, context: Context) -> Iterator[Finding]:
    """One finding for each interface that is imported once more."""
    world = context.element(node)
    if not isinstance(world, model.World):
        return
    included = [each.world for each in context.loaded.written.text_of(world).includes]
    for interface, labels in _labelled(world).items():
        beside = world.imports.get(interface)
        # A place in the text means that somebody wants it; an included world has its own finding.
        if beside is None or beside.span is not None or any(interface in _labelled(each) for each in included):
            continue
        for place in islice(_needing(node, interface, context), 1):
            is_own = interface.package is context.package
            name = interface.name if is_own else interface.qualified_name
            labelled = " and ".join(f"`{label}`" for label in labels)
            message = f"this also imports `{name}` without a label, beside {labelled}"
            way_out = f"move what needs the resource into `{name}`" if is_own else "do without this"
            help = f"{way_out}, or write `import {name};` if the world needs it as well"
            related = tuple(Related(each, "a labelled import") for each in labels.values() if each is not None)
            yield Finding(place, message, help, related=related)


def _labelled(world: model.World) -> dict[model.Interface, dict[str, Span | None]]:
    """The interfaces that a world imports with labels and once more, each with the places of its labels."""
    found: dict[model.Interface, dict[str, Span | None]] = {}
    for key, item in world.imports.items():
        if isinstance(key, str) and isinstance(item, model.WorldInterface) and item.interface in world.imports:
            found.setdefault(item.interface, {})[key] = item.span
    return found


def _needing(node: nodes.World, wanted: model.Interface, context: Context) -> Iterator[Span]:
    """The places of the items in a world whose types come from an interface's resources."""
    for item in node.items:
        if isinstance(item, nodes.Use):
            types = [context.element(name) for name in item.names]
            if any(_is_of(each, wanted) for each in types if isinstance(each, model.TypeDef)):
                yield item.path.span
        elif isinstance(item, nodes.Extern):
            element = context.element(item)
            if isinstance(element, model.WorldInterface) and _needs(element.interface, wanted):
                yield (item.name or item.kind).span


def _needs(interface: model.Interface, wanted: model.Interface) -> bool:
    """Whether an interface, or one that it uses, uses a resource of the wanted one."""
    types = (type_ for each in with_used(interface) for type_ in each.types.values())
    return any(used_interface(type_) is wanted and has_resource(type_) for type_ in types)


def _is_of(type_: model.TypeDef, wanted: model.Interface) -> bool:
    used = used_interface(type_)
    return used is not None and has_resource(type_) and (used is wanted or _needs(used, wanted))


RULE = Rule(
    code="WIT1621",
    name="import-beside-label",
    category="uses",
    presets=STANDARD,
    on=(nodes.World,),
    check=check,
    doc=__doc__,
)
