"""Fixed-length list of an impossible length.

## What it does

Reports a list without elements (`list<u8, 0>`), one with more than 1,073,741,824 elements, and one that takes 256 MiB
of memory or more.

## Why

`wasm-tools component wit` reads such lists, and encoding the package fails.

## Bad

```wit
package example:shop;

interface prices {
  type padding = list<u8, 0>;
}
```

## Good

```wit
package example:shop;

interface prices {
  type padding = list<u8>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.memory import size_of
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.types import FIXED_LENGTH, meaning, mentions
from witkit.syntax import nodes
from witkit.text import Severity

_MOST_ELEMENTS: Final = 1 << 30
_MOST_BYTES: Final = (1 << 28) - 1


def check(type_: nodes.Generic, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    if type_.length is None:
        return
    length = int(type_.length.text)
    if length == 0:
        help = "write the length, or none for a list of any length"
        yield Finding(type_.length, "a list of fixed length has at least one element", help)
    elif length > _MOST_ELEMENTS:
        help = "use a list of any length, or several lists"
        yield Finding(type_.length, f"a list has at most {_MOST_ELEMENTS} elements", help)
    elif (element := meaning(type_.arguments[0], context)) is not None:
        size = size_of(element, context)
        if size <= _MOST_BYTES < size * length:
            help = f"one element takes {size} bytes: use a list of any length, or several lists"
            yield Finding(type_.span, f"this list takes {size * length} bytes of memory", help)


RULE = Rule(
    code="WIT1112",
    name="impossible-length",
    category="correctness",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
    applies=lambda context: mentions(context, FIXED_LENGTH),
)
