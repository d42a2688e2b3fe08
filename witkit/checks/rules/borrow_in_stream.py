"""Borrowed handle in a stream or a future.

## What it does

Reports a `stream` or `future` whose elements contain a `borrow`, directly or in a named type.

## Why

A borrowed handle ends with the call that it was lent for, and the values of a stream or a future arrive later.
`wasm-tools component wit` reads such types, and encoding the package fails.

## Bad

```wit
package example:shop;

interface prices {
  resource article;
  /// Prices all articles as they arrive.
  price: func(articles: stream<borrow<article>>);
}
```

## Good

```wit
package example:shop;

interface prices {
  resource article;
  /// Prices all articles as they arrive.
  price: func(articles: stream<article>);
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.types import definitions, fold, meaning, mentions
from witkit.ir import model
from witkit.syntax import nodes
from witkit.text import Severity


def check(type_: nodes.Generic, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if type_.constructor not in ("stream", "future"):
        return
    known = context.once(_known)
    element = meaning(next(iter(type_.arguments), None), context)
    if isinstance(element, model.TypeDef):
        fold(element, known, lambda each: _has_borrow(each, known), _within)
        if known[element]:
            message = f"the values of a {type_.constructor} cannot contain a `borrow`"
            yield Finding(type_.span, message, "pass the resource itself, an owned handle")


def _known() -> dict[model.TypeDef, bool]:
    return {}


def _has_borrow(type_: model.TypeDef, known: dict[model.TypeDef, bool]) -> bool:
    return isinstance(type_.kind, model.Borrow) or any(known[each] for each in _within(type_))


def _within(type_: model.TypeDef) -> list[model.TypeDef]:
    """What a value contains. A stream or future in it is reported where it is written."""
    return [] if isinstance(type_.kind, model.Stream | model.Future) else definitions(type_)


RULE = Rule(
    code="WIT1111",
    name="borrow-in-stream",
    category="correctness",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
    applies=lambda context: mentions(context, "stream", "future"),
)
