"""Stream of characters.

## What it does

Reports `stream<char>`, also if a name stands for `char`. The fix makes it a `stream<u8>`.

## Why

The component model does not have streams of characters yet: `wasm-tools component wit` reads them, and encoding or
validating the package fails. A `stream<u8>` carries text whose encoding the documentation names, such as UTF-8.

## Bad

```wit
package example:shop;

interface prices {
  /// The names of all articles, one per line.
  names: func() -> stream<char>;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The names of all articles in UTF-8, one per line.
  names: func() -> stream<u8>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.types import meaning, mentions
from witkit.ir import model
from witkit.syntax import nodes
from witkit.text import Fix, Severity


def check(type_: nodes.Generic, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if type_.constructor != "stream":
        return
    element = next(iter(type_.arguments), None)
    named = meaning(element, context)
    if element is not None and named is not None and model.unalias(named) is model.Primitive.CHAR:
        fix = Fix("make it a `stream<u8>`", (replace(element.span, "u8"),), is_safe=False)
        help = "use `stream<u8>`, and name the encoding in the documentation"
        yield Finding(type_.span, "a stream cannot have elements of type `char`", help, fix=fix)


RULE = Rule(
    code="WIT1110",
    name="stream-of-char",
    category="correctness",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
    fix="unsafe",
    applies=lambda context: mentions(context, "stream"),
)
