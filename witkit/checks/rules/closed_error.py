"""Error type without a case for other errors.

## What it does

Reports an enum or variant that is the error of a result and has no case for errors that nobody has thought of: no case
with a text, and none whose name says it, such as `other`, `unknown`, `internal` or `unexpected`.

## Why

No case can be added later, because that changes the type. Every implementation meets errors that the interface does
not name, and then has to report a wrong one or to trap.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why a price is missing.
  enum price-error { no-such-article, not-for-sale }
  /// The price of an article in cents.
  price: func(article: string) -> result<u32, price-error>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why a price is missing.
  variant price-error {
    no-such-article,
    not-for-sale,
    other(string),
  }
  /// The price of an article in cents.
  price: func(article: string) -> result<u32, price-error>;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.resources import inside
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.ir import Loaded, model
from witkit.syntax import nodes

_OPEN: Final = re.compile(
    r"(?i)(?:^|-)(?:other|others|unknown|internal|unexpected|unspecified|general|generic|misc|custom|fail(?:ed|ure)?)(?:-|$)"
)


def check(type_: nodes.Enum | nodes.Variant, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    element = context.element(type_)
    if not isinstance(element, model.TypeDef) or element not in context.once(_errors, context.loaded):
        return
    if not any(_is_open(case) for case in _cases(element)):
        case = "other(string)" if isinstance(type_, nodes.Variant) else "other"
        message = f"error `{type_.name.name}` has no case for all other errors"
        yield Finding(type_.name.span, message, f"add a case such as `{case}` before the first release")


def _errors(loaded: Loaded) -> frozenset[model.Type]:
    """The types that are the error of a result."""
    assert loaded.resolve is not None
    results = (type_.kind for type_ in loaded.resolve.types if isinstance(type_.kind, model.Result))
    return frozenset(model.unalias(result.err) for result in results if result.err is not None)


def _cases(type_: model.TypeDef) -> list[model.Case]:
    return type_.kind.cases if isinstance(type_.kind, model.Variant | model.Enum) else []


def _is_open(case: model.Case) -> bool:
    if _OPEN.search(case.name):
        return True
    payload = case.type
    return payload is not None and (
        _is_text(payload) or any(_is_text(part) for each in inside(payload) for part in model.children(each))
    )


def _is_text(type_: model.Type) -> bool:
    return model.unalias(type_) is model.Primitive.STRING


RULE = Rule(
    code="WIT1524",
    name="closed-error",
    category="types",
    presets=STRICT,
    on=(nodes.Enum, nodes.Variant),
    check=check,
    doc=__doc__,
)
