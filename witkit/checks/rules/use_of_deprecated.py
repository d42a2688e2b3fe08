"""Mention of something deprecated.

## What it does

Reports a type, function, `use`, import, export or `include` that refers to a deprecated item, unless it is deprecated
itself.

## Why

What is deprecated goes away. An item that refers to it has to change then, and its users with it.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  /// Use `article` instead.
  @since(version = 1.0.0)
  @deprecated(version = 1.1.0)
  type item = string;
  @since(version = 1.1.0)
  type article = string;
  /// The price of an article in cents.
  @since(version = 1.1.0)
  price: func(of: item) -> u32;
}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  /// Use `article` instead.
  @since(version = 1.0.0)
  @deprecated(version = 1.1.0)
  type item = string;
  @since(version = 1.1.0)
  type article = string;
  /// The price of an article in cents.
  @since(version = 1.1.0)
  price: func(of: article) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.gates import is_deprecated, stability
from witkit.checks.references import REFERRING, references
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir import Loaded
from witkit.syntax import nodes
from witkit.text import Related


def check(node: nodes.Node, context: Context) -> Iterator[Finding]:
    """One finding for each name of something deprecated."""
    if is_deprecated(context, node):
        return
    for place, target in references(node, context):
        gate = stability(target)
        if gate is not None and gate.deprecated is not None:
            related = (Related(target.span, "deprecated here"),) if target.span is not None else ()
            message = f"`{target.name}` is deprecated since {gate.deprecated}"
            yield Finding(place, message, "use what its documentation names instead", related=related)


def _has_deprecated(loaded: Loaded) -> bool:
    """Whether any file has a deprecation, dependencies included: a cheap look before any other."""
    return any("@deprecated" in tree.source.text for folder in loaded.folders for tree in folder.trees)


RULE = Rule(
    code="WIT1210",
    name="use-of-deprecated",
    category="gates",
    presets=WASI,
    on=REFERRING,
    check=check,
    doc=__doc__,
    applies=lambda context: context.once(_has_deprecated, context.loaded),
)
