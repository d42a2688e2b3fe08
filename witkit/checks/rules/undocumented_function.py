"""Function without documentation.

## What it does

Reports a function of an interface, a method or a static function without a comment `///` or `/** … */` directly above
it. Tools take a comment `//` for documentation as well; the fix makes it a `///`.

## Why

A signature does not say what happens at the limits: which errors there are, what an empty list means, whether a call
blocks. Every generator of bindings copies this text into the code that people read.

## Bad

```wit
package example:shop;

interface prices {
  // The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Options

- `constructors = true` wants documentation for constructors, too.
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.checks.undocumented import undocumented
from witkit.syntax import nodes


def check(function: nodes.Function, context: Context) -> Iterable[Finding]:
    """One finding for each function without documentation."""
    if function.kind is nodes.FunctionKind.CONSTRUCTOR and not context.options["constructors"]:
        return ()
    return undocumented(function, function.name.span)


RULE = Rule(
    code="WIT1301",
    name="undocumented-function",
    category="documentation",
    presets=STANDARD,
    on=(nodes.Function,),
    check=check,
    doc=__doc__,
    fix="safe",
    options={"constructors": False},
)
