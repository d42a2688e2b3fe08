"""Type that the target does not have.

## What it does

Reports types that the tool named by `target` cannot carry: for componentize-py `map` and lists of a fixed length, for
jco lists of a fixed length and `error-context`, for wasmtime-py all of these, `stream` and `future`. A type counts if
a function uses it.

Set the tool with `--target NAME`, or `--target NAME@VERSION` for a version that is not the newest. All worlds of the
package are looked at, and each interface that no world has, as if a world imported it. What is in a dependency is
reported at the world that needs it.

## Why

componentize-py ends with a panic, and wasmtime-py refuses the component when it compiles it, or a value at the first
call. Both are long after the interface was published.

## Bad

```toml
[check]
target = "wasmtime-py"
```

```wit
package example:shop;

interface prices {
  /// The price of each item, in cents.
  all: func() -> map<string, u32>;
}
```

## Good

```toml
[check]
target = "wasmtime-py"
```

```wit
package example:shop;

interface prices {
  /// The price of each item, in cents.
  all: func() -> list<tuple<string, u32>>;
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
    """One finding for each type."""
    from witkit.checks.targets.limit import TYPE
    from witkit.checks.targets.limits import findings

    return findings(TYPE, file, context)


RULE = Rule(
    code="WIT1701",
    name="unsupported-type",
    category="targets",
    presets=MINIMAL,
    on=(nodes.File,),
    check=check,
    doc=__doc__,
    severity=Severity.ERROR,
    needs="target",
)
