"""Type without documentation.

## What it does

Reports an alias, a record, a variant, an enum, flags or a resource without a comment `///` or `/** … */` directly above
it. Tools take a comment `//` for documentation as well; the fix makes it a `///`.

## Why

The shape of a type does not say what its values mean: the unit of a number, the encoding of a string, or how long a
resource lives.

## Bad

```wit
package example:shop;

interface prices {
  // Hundredths of the currency of the shop.
  type cents = u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// Hundredths of the currency of the shop.
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES, undocumented
from witkit.syntax import nodes


def check(definition: nodes.TypeDefinition, context: Context) -> Iterable[Finding]:
    """One finding for each type without documentation."""
    return undocumented(definition, definition.name.span)


RULE = Rule(
    code="WIT1305",
    name="undocumented-type",
    category="documentation",
    presets=WASI,
    on=CLASSES_OF_TYPES,
    check=check,
    doc=__doc__,
    fix="safe",
)
