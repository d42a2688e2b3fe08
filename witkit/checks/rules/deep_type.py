"""Type that is nested too deep.

## What it does

Reports a type that consists of more than 96 layers: `option<t>` is one layer more than `t`, and so are records,
variants, lists and all other structures. Names and handles are not layers. The function that takes a type is one.

## Why

Validators of components accept 100 layers, and encoding puts types into four more. `wasm-tools component wit` reads
deeper types, and encoding the package fails.

## Bad

```wit
package example:shop;

interface prices {
  type t1 = option<option<option<option<option<option<option<option<option<option<option<option<u8>>>>>>>>>>>>;
  type t2 = option<option<option<option<option<option<option<option<option<option<option<option<t1>>>>>>>>>>>>;
  type t3 = option<option<option<option<option<option<option<option<option<option<option<option<t2>>>>>>>>>>>>;
  type t4 = option<option<option<option<option<option<option<option<option<option<option<option<t3>>>>>>>>>>>>;
  type t5 = option<option<option<option<option<option<option<option<option<option<option<option<t4>>>>>>>>>>>>;
  type t6 = option<option<option<option<option<option<option<option<option<option<option<option<t5>>>>>>>>>>>>;
  type t7 = option<option<option<option<option<option<option<option<option<option<option<option<t6>>>>>>>>>>>>;
  type t8 = option<option<option<option<option<option<option<option<option<option<option<option<t7>>>>>>>>>>>>;
  type t9 = option<option<option<option<option<option<option<option<option<option<option<option<t8>>>>>>>>>>>>;
}
```

## Good

```wit
package example:shop;

interface prices {
  record node { value: u32, children: list<u32> }
  type tree = list<node>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.sizes import depths, numbers_of_parts
from witkit.checks.types import definitions
from witkit.ir import model
from witkit.ir.places import name_span
from witkit.text import Severity

_DEEPEST: Final = 96


def check(item: model.TypeDef | model.Function, context: Context) -> Iterator[Finding]:
    """One finding for each type or function that is the first one too deep."""
    known = context.of_package(_depths)
    layers, parts = (0, [item]) if isinstance(item, model.TypeDef) else (1, _types(item))
    depth = layers + max((known[type_] for type_ in parts), default=0)
    if depth <= _DEEPEST or any(known[each] > _DEEPEST for part in parts for each in _named_in(part, but=item)):
        return
    place = name_span(context.node(item))
    if place is not None:
        help = "use a list of nodes that refer to each other by their numbers, or a resource"
        yield Finding(place, f"`{place.text}` has {depth} layers of types: at most {_DEEPEST} are allowed", help)


def _depths(context: Context) -> dict[model.TypeDef, int]:
    """The depths of all types; of none if no type and no function can be too deep."""
    # Each layer is a part.
    if max(context.once(numbers_of_parts, context.loaded).values(), default=0) < _DEEPEST:
        return {}
    known = depths(context.loaded)
    # A function is one layer more than its types.
    return known if max(known.values(), default=0) >= _DEEPEST else {}


def _types(function: model.Function) -> list[model.TypeDef]:
    types = [*(param.type for param in function.params), function.result]
    return [type_ for type_ in types if isinstance(type_, model.TypeDef)]


def _named_in(type_: model.TypeDef, *, but: object) -> Iterator[model.TypeDef]:
    """The nearest named types in a type, which have findings of their own."""
    stack = [type_]
    seen = set(stack)
    while stack:
        each = stack.pop()
        if each.name is not None and each is not but:
            yield each
            continue
        new = [part for part in definitions(each) if part not in seen]
        seen.update(new)
        stack += new


RULE = Rule(
    code="WIT1113",
    name="deep-type",
    category="correctness",
    presets=MINIMAL,
    severity=Severity.ERROR,
    on=(model.TypeDef, model.Function),
    check=check,
    doc=__doc__,
    applies=lambda context: bool(context.of_package(_depths)),
)
