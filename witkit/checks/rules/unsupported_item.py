"""Item that the target cannot build.

## What it does

Reports functions, resources, imports and documentation with which the tool named by `target` cannot build or run a
world: for componentize-py resources of the world itself, exported resources without functions, interfaces under another
name, and `\"\"\"` in documentation; for wasmtime-py `async` functions.

Set the tool with `--target NAME`, or `--target NAME@VERSION` for a version that is not the newest. All worlds of the
package are looked at, and each interface that no world has, as if a world imported it. What is in a dependency is
reported at the world that needs it.

## Why

The build fails, or the component cannot be instantiated, with a message about generated code.

## Bad

```toml
[check]
target = "componentize-py@0.25.1"
```

```wit
package example:shop;

world shop {
  resource basket;

  /// Fill a basket.
  export fill: func(basket: borrow<basket>);
}
```

## Good

```toml
[check]
target = "componentize-py@0.25.1"
```

```wit
package example:shop;

interface baskets {
  resource basket;
}

world shop {
  use baskets.{basket};

  /// Fill a basket.
  export fill: func(basket: borrow<basket>);
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Severity


def check(file: nodes.File, context: Context) -> Iterator[Finding]:
    """One finding for each item."""
    from witkit.checks.targets.limit import ITEM
    from witkit.checks.targets.limits import findings

    return findings(ITEM, file, context)


RULE = Rule(
    code="WIT1703",
    name="unsupported-item",
    category="targets",
    presets=MINIMAL,
    on=(nodes.File,),
    check=check,
    doc=__doc__,
    severity=Severity.ERROR,
    needs="target",
)
