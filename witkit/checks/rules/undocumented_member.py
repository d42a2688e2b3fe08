"""Field, case or flag without documentation.

## What it does

Reports a field of a record, a case of a variant or enum, or a flag without a comment `///` or `/** … */` directly above
it. Tools take a comment `//` for documentation as well; the fix makes it a `///`.

## Why

A name of one or two words is short for a rule: when an error occurs, what an empty list in a field means, which flags
exclude each other.

## Bad

```wit
package example:shop;

interface prices {
  record article {
    // As printed on the label.
    name: string,
  }
}
```

## Good

```wit
package example:shop;

interface prices {
  record article {
    /// As printed on the label.
    name: string,
  }
}
```

## Options

- `fields = false` leaves out the fields of records.
- `cases = false` leaves out the cases of variants and enums.
- `flags = false` leaves out flags.
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.undocumented import undocumented
from witkit.syntax import nodes


def check(member: nodes.Field | nodes.Case, context: Context) -> Iterable[Finding]:
    """One finding for each member without documentation."""
    kind = "fields" if isinstance(member, nodes.Field) else _KINDS[type(context.parent)]
    return undocumented(member, member.name.span) if context.options[kind] else ()


_KINDS: dict[type, str] = {nodes.Variant: "cases", nodes.Enum: "cases", nodes.Flags: "flags"}


RULE = Rule(
    code="WIT1306",
    name="undocumented-member",
    category="documentation",
    presets=STRICT,
    on=(nodes.Field, nodes.Case),
    check=check,
    doc=__doc__,
    fix="safe",
    options={"fields": True, "cases": True, "flags": True},
)
