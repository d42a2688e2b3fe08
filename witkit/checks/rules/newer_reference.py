"""Item that refers to something newer or less stable.

## What it does

Reports a type, function, `use`, import, export or `include` that refers to an item with a later `@since`, or to one
that is `@unstable` with a feature that is not its own. The gate of an item is its own, or else that of what it is in.
A new name for an old type is not newer: what counts is the gate of the type that all aliases lead to.

## Why

An item is complete only if everything that it refers to exists. What exists since 1.0.0 cannot have had a type that
came with 1.1.0: one of the gates is wrong. If the feature of an `@unstable` item is off, what refers to it is an error.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  @since(version = 1.1.0)
  record money { cents: u64, currency: string }
  /// The price of an article.
  @since(version = 1.0.0)
  price: func(article: string) -> money;
}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  @since(version = 1.0.0)
  record money { cents: u64, currency: string }
  /// The price of an article.
  @since(version = 1.1.0)
  price: func(article: string) -> money;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from witkit.checks.context import Context
from witkit.checks.gates import feature, gates_around, has_gates, is_older, since, stability
from witkit.checks.references import REFERRING, references
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import model
from witkit.syntax import nodes
from witkit.text import Related

Target: TypeAlias = model.TypeDef | model.Interface | model.World


def check(node: nodes.Node, context: Context) -> Iterator[Finding]:
    """One finding for each name of something newer."""
    gates = list(gates_around(context, node))
    version = since(gates[0]) if gates else None
    features = {name.name for gate in gates if (name := feature(gate)) is not None}
    for place, target in references(node, context):
        gate = stability(target)
        if isinstance(gate, model.Unstable) and gate.feature not in features:
            what = f"belongs to the feature `{gate.feature}`"
        elif isinstance(gate, model.Stable) and version is not None and _is_newer(target, gate.since, version, context):
            what = f"exists since {gate.since}"
        else:
            continue
        itself = f"exists since {version}" if version is not None else "does not"
        message = f"`{target.name}` {what}, and what refers to it {itself}"
        related = (Related(target.span, "defined here"),) if target.span is not None else ()
        yield Finding(place, message, "correct the gate of one of the two", related=related)


def _is_newer(target: Target, gate: str, version: str, context: Context) -> bool:
    """Versions of another package say nothing about this one, and new names of old types change nothing."""
    owner = target.owner if isinstance(target, model.TypeDef) else target
    if owner is None or owner.package is not context.package or not is_older(version, gate):
        return False
    origin = model.unalias(target) if isinstance(target, model.TypeDef) else target
    if origin is target:
        return True
    known = None if isinstance(origin, model.Primitive) else stability(origin)
    return isinstance(known, model.Stable) and is_older(version, known.since)


RULE = Rule(
    code="WIT1204",
    name="newer-reference",
    category="gates",
    presets=STANDARD,
    on=REFERRING,
    check=check,
    doc=__doc__,
    applies=lambda context: context.once(has_gates, context.loaded),
)
