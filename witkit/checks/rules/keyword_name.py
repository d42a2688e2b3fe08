"""Name that is a keyword of a language.

## What it does

Reports functions, parameters, fields, cases, types and interfaces whose names are keywords of languages that bindings
are generated for: `type`, `class`, `default`, `yield`.

## Why

Generators escape such a name, each in its way: `type_`, `r#type`, `_type`. What a program writes is not what the
documentation says, and generators have forgotten words again and again.

## Bad

```wit
package example:shop;

interface prices {
  record article { class: string, price: u32 }
}
```

## Good

```wit
package example:shop;

interface prices {
  record article { category: string, price: u32 }
}
```

## Options

- `languages = ["python", "rust"]` are the languages to look at: `c`, `go`, `java`, `javascript`, `python`, `rust`. All
  of them are the default.
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.keywords_of_languages import KEYWORDS, languages_with, may_be_keyword
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES
from witkit.syntax import nodes

_Named = (
    nodes.Function | nodes.Parameter | nodes.Field | nodes.Case | nodes.Interface | nodes.Extern | nodes.TypeDefinition
)


def check(item: _Named, context: Context) -> Iterable[Finding]:
    """One finding for each such name."""
    if item.name is None or not may_be_keyword(item.name.name):
        return ()
    if isinstance(item, nodes.Function) and item.kind is nodes.FunctionKind.CONSTRUCTOR:
        return ()
    languages = context.options["languages"]
    assert isinstance(languages, tuple)
    name, of_type = item.name.name, isinstance(item, (*CLASSES_OF_TYPES, nodes.Case))
    found = languages_with(name, languages, of_type=of_type)
    if not found:
        return ()
    shown = ", ".join(found[:-1]) + " and " * (len(found) > 1) + found[-1]
    return (Finding(item.name.span, f"`{name}` is a keyword in {shown}", "choose a name that is free everywhere"),)


RULE = Rule(
    code="WIT1419",
    name="keyword-name",
    category="names",
    presets=STRICT,
    on=(
        nodes.Function,
        nodes.Parameter,
        nodes.Field,
        nodes.Case,
        nodes.Interface,
        nodes.Extern,
        *CLASSES_OF_TYPES,
    ),
    check=check,
    doc=__doc__,
    options={"languages": tuple(KEYWORDS)},
)
