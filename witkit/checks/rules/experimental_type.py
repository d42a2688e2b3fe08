"""Type that validators do not accept yet.

## What it does

Reports `error-context`, and lists of a fixed length (`list<u8, 4>`) that is possible.

## Why

Both are parts of the component model that a tool or a host must be asked for. `wasm-tools component wit` reads and
encodes them, and `wasm-tools validate` then rejects the result, and so do hosts with their usual settings. No release
of WASI uses them.

## Bad

```wit
package example:shop;

interface prices {
  type color = list<u8, 3>;
}
```

## Good

```wit
package example:shop;

interface prices {
  type color = tuple<u8, u8, u8>;
}
```

## Options

- `accepted = ["fixed-length-lists"]` lists the parts that you ask your tools for: `error-context`,
  `fixed-length-lists`.
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.types import FIXED_LENGTH, HOLDERS, mentions, types_in
from witkit.syntax import nodes


def check(holder: nodes.Node, context: Context) -> Iterator[Finding]:
    """One finding for each mention."""
    accepted = context.options["accepted"]
    assert isinstance(accepted, tuple)
    for type_ in types_in(holder):
        part, help = _part(type_)
        if part and part not in accepted:
            yield Finding(type_.span, f"validators reject `{type_.span.text}` without the feature `{part}`", help)


def _part(type_: nodes.Type) -> tuple[str, str]:
    """The part of the component model that a type needs, and what to write instead."""
    if isinstance(type_, nodes.Primitive) and type_.name == "error-context":
        return "error-context", "use a `string`, or a resource of your own"
    if isinstance(type_, nodes.Generic) and type_.length is not None and int(type_.length.text):
        return "fixed-length-lists", "use a tuple, or a list of any length"
    return "", ""


RULE = Rule(
    code="WIT1114",
    name="experimental-type",
    category="correctness",
    presets=MINIMAL,
    on=HOLDERS,
    check=check,
    doc=__doc__,
    options={"accepted": ()},
    applies=lambda context: mentions(context, "error-context", FIXED_LENGTH),
)
