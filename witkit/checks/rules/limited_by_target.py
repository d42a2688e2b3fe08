"""Item that the target carries only in part.

## What it does

Reports what the tool named by `target` builds, but into something that cannot be used as the interface says. With
componentize-py a guest cannot call constructors that can fail, methods called `handle` or `finalizer`, and functions of
an interface that is written in the world. wasmtime-py needs a setting for interfaces under another name. jco needs
QuickJS instead of its default engine for `map`, `stream`, `future`, `async` functions, exported resources with equal
names, imported resources without functions, and for a guest that passes a large `u32` or a negative `s64`.

Set the tool with `--target NAME`, or `--target NAME@VERSION` for a version that is not the newest. All worlds of the
package are looked at, and each interface that no world has, as if a world imported it. What is in a dependency is
reported at the world that needs it.

## Why

Nothing fails until the guest makes the call.

## Bad

```toml
[check]
target = "componentize-py@0.25.1"
```

```wit
package example:shop;

interface baskets {
  resource basket {
    /// A basket of this size.
    constructor(size: u32) -> result<basket>;
  }
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
  resource basket {
    /// A basket of this size.
    new: static func(size: u32) -> result<basket>;
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes


def check(file: nodes.File, context: Context) -> Iterator[Finding]:
    """One finding for each item."""
    from witkit.checks.targets.limit import LIMITED
    from witkit.checks.targets.limits import findings

    return findings(LIMITED, file, context)


RULE = Rule(
    code="WIT1704",
    name="limited-by-target",
    category="targets",
    presets=MINIMAL,
    on=(nodes.File,),
    check=check,
    doc=__doc__,
    needs="target",
)
