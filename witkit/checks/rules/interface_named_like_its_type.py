"""Interface with the name of its only type.

## What it does

Reports an interface that defines one type, if both have the same name.

## Why

In generated code one is inside the other: `error.Error`, `error::Error`. Documents that mention the name leave open
which of the two they mean.

## Bad

```wit
package example:shop;

interface article {
  record article { name: string }
}
```

## Good

```wit
package example:shop;

interface articles {
  record article { name: string }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES
from witkit.syntax import nodes


def check(interface: nodes.Interface, context: Context) -> Iterator[Finding]:
    """One finding for each such interface."""
    types = [item for item in interface.items if isinstance(item, CLASSES_OF_TYPES)]
    if len(types) == 1 and types[0].name.name == interface.name.name:
        message = f"`{interface.name.name}` has the name of its only type"
        yield Finding(interface.name.span, message, "name it for what it offers, or use the plural")


RULE = Rule(
    code="WIT1418",
    name="interface-named-like-its-type",
    category="names",
    presets=STRICT,
    on=(nodes.Interface,),
    check=check,
    doc=__doc__,
)
