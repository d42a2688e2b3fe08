"""Imports or exports of a world that are too alike.

## What it does

Reports interfaces of other packages that a world imports, or exports, and whose full names differ only in case or
hyphens. Interfaces of one package are reported by `alike-names`.

## Why

`wasm-tools component wit` reads such a world. Encoding the package fails, and no component can have such a world.

## Bad

```wit
package example:shop;

world shop {
  import example:key-value/store;
  import example:keyvalue/store;
}
```

```wit
// deps/one/one.wit
package example:key-value;

interface store {}
```

```wit
// deps/other/other.wit
package example:keyvalue;

interface store {}
```

## Good

```wit
package example:shop;

world shop {
  import example:key-value/store;
}
```

```wit
// deps/one/one.wit
package example:key-value;

interface store {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit._names import folded
from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.ir import model
from witkit.text import Related, Severity


def check(world: model.World, context: Context) -> Iterator[Finding]:
    """One finding for each import or export that is like one before it."""
    for items in (world.imports, world.exports):
        before: dict[str, model.WorldInterface] = {}
        for key, item in items.items():
            if isinstance(key, model.Interface) and isinstance(item, model.WorldInterface):
                first = before.setdefault(folded(str(key.qualified_name)), item)
                # Interfaces of one package are reported where they are defined; dependencies are not checked.
                is_reported = first.interface.package is key.package and key.package in context.resolve.main
                if first.interface is not key and not is_reported:
                    yield from _finding(world, first, item)


def _finding(world: model.World, first: model.WorldInterface, second: model.WorldInterface) -> Iterator[Finding]:
    place = second.span or world.span
    if place is not None:
        message = f"`{second.qualified_name}` differs from `{first.qualified_name}` only in case or hyphens"
        related = (Related(first.span, "the other one"),) if first.span else ()
        yield Finding(place, message, "use one of the two in another world", related=related)


RULE = Rule(
    code="WIT1115",
    name="alike-imports",
    category="correctness",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(model.World,),
    check=check,
    doc=__doc__,
)
