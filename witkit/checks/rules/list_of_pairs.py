"""List of pairs that a map could be.

## What it does

Reports `list<tuple<k, v>>` if `k` can be the key of a `map`: a `bool`, an integer, a `char` or a `string`. With
`--against` and a version of the same track, only items that the other version does not have are reported.

## Why

`map<k, v>` says that each key occurs once and that the order means nothing, and bindings make a dictionary of it.
Changing a list to a map later changes the type. Hosts need WASI 0.3.1 for it.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The prices of all articles in cents.
  all: func() -> list<tuple<string, u32>>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The prices of all articles in cents.
  all: func() -> map<string, u32>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.before import around, before, keys
from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.types import HOLDERS, meaning, mentions, types_in
from witkit.ir import model
from witkit.syntax import nodes

_NO_KEYS = frozenset({model.Primitive.F32, model.Primitive.F64, model.Primitive.ERROR_CONTEXT})


def check(holder: nodes.Node, context: Context) -> Iterator[Finding]:
    """One finding for each list."""
    for list_ in types_in(holder):
        pair = _pair(list_)
        key = meaning(pair[0], context) if pair is not None else None
        primitive = model.unalias(key) if key is not None else None
        if pair is None or not isinstance(primitive, model.Primitive) or primitive in _NO_KEYS:
            continue
        if not _is_old(holder, context):
            suggestion = f"map<{pair[0].span.text}, {pair[1].span.text}>"
            help = f"write `{suggestion}`, unless the order matters or keys can occur twice"
            yield Finding(list_.span, "this list of pairs could be a map", help)


def _pair(type_: nodes.Type) -> tuple[nodes.Type, nodes.Type] | None:
    """Both types of a list of pairs."""
    if not isinstance(type_, nodes.Generic) or type_.constructor != "list" or type_.length is not None:
        return None
    inner = type_.arguments[0]
    parts = [each for each in inner.arguments if each is not None] if isinstance(inner, nodes.Generic) else []
    is_pair = isinstance(inner, nodes.Generic) and inner.constructor == "tuple" and len(parts) == 2
    return (parts[0], parts[1]) if is_pair else None


def _is_old(holder: nodes.Node, context: Context) -> bool:
    """Whether the type or function that has the list is also in the version to compare with."""
    old = before(context)
    key = keys(holder, context)[0] if isinstance(holder, nodes.Alias) else around(context)
    return old is not None and key in old.gates


RULE = Rule(
    code="WIT1525",
    name="list-of-pairs",
    category="types",
    presets=STRICT,
    on=HOLDERS,
    check=check,
    doc=__doc__,
    applies=lambda context: mentions(context, r"list\s*(?:<\s*(?:tuple|/)|/)"),
)
