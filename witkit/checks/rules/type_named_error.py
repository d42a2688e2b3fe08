"""Type with the name `error`.

## What it does

Reports a type that is called `error` and nothing else.

## Why

It becomes `Error`, which is a class of JavaScript, a trait of Rust's standard library and a protocol of Swift, or
`error`, which is a type of Go. A program that uses two such interfaces has to rename one of the types.

## Bad

```wit
package example:shop;

interface prices {
  enum error { no-such-article, closed }
}
```

## Good

```wit
package example:shop;

interface prices {
  enum price-error { no-such-article, closed }
}
```
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES
from witkit.syntax import nodes


def check(definition: nodes.TypeDefinition, context: Context) -> Iterable[Finding]:
    """One finding for each such type."""
    if definition.name.name.lower() != "error":
        return ()
    help = "say what it is an error of, such as `open-error`, or call it `error-code`"
    return (Finding(definition.name.span, "many languages have an `error` of their own", help),)


RULE = Rule(
    code="WIT1417",
    name="type-named-error",
    category="names",
    presets=STRICT,
    on=CLASSES_OF_TYPES,
    check=check,
    doc=__doc__,
)
