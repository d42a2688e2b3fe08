"""Name that the target cannot use.

## What it does

Reports names with which the tool named by `target` cannot build a world. For componentize-py these are parameters
called `self` (or `cls` or `borrows`), fields called `mro`, exported functions with the name of a function of C, and
interfaces that become modules of Python's standard library; for jco, static methods called `prototype`.

Set the tool with `--target NAME`, or `--target NAME@VERSION` for a version that is not the newest. All worlds of the
package are looked at, and each interface that no world has, as if a world imported it. What is in a dependency is
reported at the world that needs it.

## Why

Such a name is legal in WIT, but the build ends with a syntax error in generated code, or with a message of the linker
that does not mention the name.

## Bad

```toml
[check]
target = "componentize-py@0.25.1"
```

```wit
package example:shop;

interface prices {
  /// Set a price.
  set: func(item: string, cents: u32);
}

world shop {
  import prices;

  /// Open the shop.
  export open: func();
}
```

## Good

```toml
[check]
target = "componentize-py@0.25.1"
```

```wit
package example:shop;

interface prices {
  /// Set a price.
  set: func(item: string, cents: u32);
}

world shop {
  import prices;

  /// Open the shop.
  export open-shop: func();
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
    """One finding for each name."""
    from witkit.checks.targets.limit import NAME
    from witkit.checks.targets.limits import findings

    return findings(NAME, file, context)


RULE = Rule(
    code="WIT1702",
    name="unsupported-name",
    category="targets",
    presets=MINIMAL,
    on=(nodes.File,),
    check=check,
    doc=__doc__,
    severity=Severity.ERROR,
    needs="target",
)
