"""Interfaces or worlds whose names are too alike.

## What it does

Reports interfaces and worlds of one package whose names differ only in case or only in hyphens.

## Why

`wasm-tools component wit` reads such a package, and encoding it fails. Generators make files and modules of these
names: `key-value` and `keyvalue` become one module in languages that drop hyphens, and `DNS` and `dns` one file on
disks that do not distinguish case.

## Bad

```wit
package example:shop;

interface key-value {}
interface keyvalue {}
```

## Good

```wit
package example:shop;

interface key-value {}
interface key-value-batch {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit._names import folded
from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.ir import model
from witkit.text import Related, Severity, Span


def check(package: model.Package, context: Context) -> Iterator[Finding]:
    """One finding for each name that is like one before it."""
    before: dict[str, tuple[str, Span]] = {}
    for name, item in (*package.interfaces.items(), *package.worlds.items()):
        if item.span is None:
            continue
        first, place = before.setdefault(folded(name), (name, item.span))
        if first != name:
            message = f"`{name}` differs from `{first}` only in case or hyphens"
            help = "rename one of the two: many languages cannot tell them apart"
            yield Finding(item.span, message, help, related=(Related(place, "the other name"),))


RULE = Rule(
    code="WIT1401",
    name="alike-names",
    category="names",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(model.Package,),
    check=check,
    doc=__doc__,
)
