"""Method with a name that generated code needs.

## What it does

Reports a function `handle`, `take-handle` or `from-handle` of a resource.

## Why

wit-bindgen gives each imported resource in Rust methods of these names for its own use, so that the bindings do not
compile.

## Bad

```wit
package example:shop;

interface orders {
  /// What has been bought.
  resource order {
    /// Passes it on to the store.
    handle: func();
  }
}
```

## Good

```wit
package example:shop;

interface orders {
  /// What has been bought.
  resource order {
    /// Passes it on to the store.
    process: func();
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes

_NAMES = frozenset({"handle", "take-handle", "from-handle"})


def check(resource: nodes.Resource, context: Context) -> Iterator[Finding]:
    """One finding for each such function."""
    for function in resource.functions:
        if function.name.name.lower() in _NAMES:
            message = f"bindings for Rust have a method `{function.name.name}` of their own"
            yield Finding(function.name.span, message, "rename it")


RULE = Rule(
    code="WIT1415",
    name="generated-method-name",
    category="names",
    presets=STANDARD,
    on=(nodes.Resource,),
    check=check,
    doc=__doc__,
)
