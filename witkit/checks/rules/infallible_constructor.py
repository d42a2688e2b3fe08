"""Constructor that cannot fail beside a function that can.

## What it does

Reports a constructor that has parameters and cannot fail, in a resource with a static function that makes the same
resource and can fail.

## Why

Usually one thing can go wrong in both of them, and then the constructor can only trap. A constructor can have a result:
`constructor(…) -> result<r, e>`. To change that later changes the type of the constructor.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why a list of prices cannot be opened.
  enum open-error { missing, damaged }
  /// A list of prices.
  resource catalog {
    constructor(name: string);
    /// Open a list of prices.
    open: static func(name: string) -> result<catalog, open-error>;
  }
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why a list of prices cannot be opened.
  enum open-error { missing, damaged }
  /// A list of prices.
  resource catalog {
    constructor(name: string) -> result<catalog, open-error>;
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Related


def check(resource: nodes.Resource, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    kinds = nodes.FunctionKind
    constructor = next((each for each in resource.functions if each.kind is kinds.CONSTRUCTOR), None)
    if constructor is None or constructor.signature.result is not None or not constructor.signature.params:
        return
    for function in resource.functions:
        if function.kind is kinds.STATIC and _may_make(function.signature.result, resource.name.name):
            name = resource.name.name
            message = f"the constructor of `{name}` cannot fail, and `{function.name.name}` can"
            help = f"give it a result, `constructor(…) -> result<{name}, …>`, or keep one of the two"
            related = (Related(function.name.span, "this one can fail"),)
            yield Finding(constructor.name.span, message, help, related=related)
            return


def _may_make(result: nodes.Type | None, name: str) -> bool:
    """Whether a type is `result<name, …>`."""
    ok = result.arguments[0] if isinstance(result, nodes.Generic) and result.arguments else None
    is_result = isinstance(result, nodes.Generic) and result.constructor == "result"
    made = ok.id if isinstance(ok, nodes.Named) else ok.resource if isinstance(ok, nodes.Handle) else None
    return is_result and made is not None and made.name == name


RULE = Rule(
    code="WIT1522",
    name="infallible-constructor",
    category="types",
    presets=STRICT,
    on=(nodes.Resource,),
    check=check,
    doc=__doc__,
)
