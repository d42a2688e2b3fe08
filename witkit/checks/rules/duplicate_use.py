"""Type with two names from `use`.

## What it does

Reports a type that an interface or a world takes from the same place twice, under two names. The fix keeps the first
name and writes it for the second one. It is unsafe: the second name is also a name for those who use the interface.

## Why

Both names mean the same type, and bindings define both. Readers have to find out that they are equal.

## Bad

```wit
package example:shop;

/// Amounts of money.
interface money {
  /// Hundredths of a franc.
  type cents = u32;
}

/// What articles cost.
interface prices {
  use money.{cents};
  use money.{cents as amount};
  /// The price of an article.
  price: func(article: string) -> cents;
  /// What is left to pay.
  rest: func(paid: cents) -> amount;
}
```

## Good

```wit
package example:shop;

/// Amounts of money.
interface money {
  /// Hundredths of a franc.
  type cents = u32;
}

/// What articles cost.
interface prices {
  use money.{cents};
  /// The price of an article.
  price: func(article: string) -> cents;
  /// What is left to pay.
  rest: func(paid: cents) -> cents;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.removal import is_used_elsewhere, without_used_names
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import model
from witkit.syntax import nodes
from witkit.syntax.walk import walk
from witkit.text import Edit, Fix, Related

Scope: TypeAlias = nodes.InlineInterface | nodes.Interface | nodes.World


def check(scope: Scope, context: Context) -> Iterator[Finding]:
    """One finding for each name of a type that has one already."""
    first: dict[int, nodes.Id] = {}
    for use in (item for item in scope.items if isinstance(item, nodes.Use)):
        for name in use.names:
            target = _target(context.element(name))
            here = name.alias or name.name
            if target is None or (before := first.setdefault(id(target), here)) is here:
                continue
            message = f"`{here.name}` is the same type as `{before.name}`"
            fix = None
            if not is_used_elsewhere(name, context) and (edits := without_used_names(use, [name])):
                edits = (*edits, *_renamed(scope, here.name, before))
                fix = Fix(f"use `{before.name}` instead", edits, is_safe=False)
            yield Finding(
                here.span, message, "use one name for both", related=(Related(before.span, "the other name"),), fix=fix
            )


def _target(element: object) -> model.Type | None:
    if isinstance(element, model.TypeDef) and isinstance(element.kind, model.Alias):
        return element.kind.type
    return None


def _renamed(scope: Scope, name: str, to: nodes.Id) -> Iterator[Edit]:
    """The edits that write another name wherever a type is mentioned."""
    for node, _ in walk(scope):
        mentioned = node.id if isinstance(node, nodes.Named) else getattr(node, "resource", None)
        if isinstance(mentioned, nodes.Id) and mentioned.name == name:
            yield replace(mentioned.span, to.span.text)


RULE = Rule(
    code="WIT1611",
    name="duplicate-use",
    category="uses",
    presets=STANDARD,
    on=(nodes.InlineInterface, nodes.Interface, nodes.World),
    check=check,
    doc=__doc__,
    fix="unsafe",
)
