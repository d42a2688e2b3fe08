"""Parameter that is a bool.

## What it does

Reports a parameter of type `bool` beside other parameters. The only parameter of a function may be a `bool`.

## Why

Nobody who reads `find("tea", true)` knows what is true. A third possibility later changes the type of the function.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Find the price of an article in cents.
  find: func(article: string, exact: bool) -> option<u32>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// How to compare names.
  enum comparison { exact, similar }
  /// Find the price of an article in cents.
  find: func(article: string, comparison: comparison) -> option<u32>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.types import meaning
from witkit.ir import model
from witkit.syntax import nodes


def check(signature: nodes.Signature, context: Context) -> Iterator[Finding]:
    """One finding for each parameter."""
    for parameter in signature.params if len(signature.params) > 1 else ():
        # Most parameters are no `bool`, which shows without a look at what their types mean.
        match parameter.type:
            case nodes.Named() | nodes.Primitive(name="bool"):
                type_ = meaning(parameter.type, context)
            case _:
                continue
        if type_ is not None and model.unalias(type_) is model.Primitive.BOOL:
            message = f"callers of this function cannot see what `{parameter.name.name}` means"
            yield Finding(parameter.span, message, "make it an `enum` or `flags`, or make two functions")


RULE = Rule(
    code="WIT1505",
    name="bool-parameter",
    category="types",
    presets=STRICT,
    on=(nodes.Signature,),
    check=check,
    doc=__doc__,
)
