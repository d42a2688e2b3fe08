"""Gate of an item that is changed later.

## What it does

Reports an item whose `@since` was another one in the package to compare with, or is missing now, and one that became
`@unstable`. An item without a gate in that package cannot have a `@since` that is later than it. The fix writes the
gate as it was.

## Why

The gate is the history of the item: once released, it does not change. Scripts that replace versions in whole files
change it by mistake.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article.
  @since(version = 1.1.0)
  price: func(article: string) -> u32;
}
```

```wit
// before/shop.wit
package example:shop@1.0.0;

interface prices {
  @since(version = 1.0.0)
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  /// The price of an article.
  @since(version = 1.0.0)
  price: func(article: string) -> u32;
}
```

```wit
// before/shop.wit
package example:shop@1.0.0;

interface prices {
  @since(version = 1.0.0)
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.before import before, keys
from witkit.checks.context import Context
from witkit.checks.edits import line_above
from witkit.checks.gates import GATED, gate_of, gates_around, is_older, rewritten, since
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import model
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.text import Fix


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """At most one finding for each item that existed before."""
    old = before(context)
    names = keys(item, context) if old is not None else []
    if old is None or not names or not all(name in old.gates for name in names):
        return
    was, gate, own = old.gates[names[0]], next(gates_around(context, item), None), gate_of(item)
    version = since(gate)
    place = own.span if own is not None else name_span(item) or item.span
    name = (name_span(item) or item.span).text
    if isinstance(was, model.Stable) and version != was.since:
        now = f"exists since {version}" if version else "is unstable" if gate is not None else "has no gate"
        fix = _restored(item, own, was.since)
        message = f"`{name}` {now}, and in {old.version} it existed since {was.since}"
        yield Finding(place, message, "leave the gate as it was", fix=fix)
    elif was is None and version is not None and is_older(old.version, version):
        fix = _restored(item, own, old.version)
        message = f"`{name}` exists since {version}, and {old.version} has it already"
        yield Finding(place, message, "write the version that it came with", fix=fix)


def _restored(item: nodes.Item, own: nodes.Attribute | None, version: str) -> Fix | None:
    gate = f"@since(version = {version})"
    if own is not None:
        return rewritten(own, gate, is_safe=False)
    return Fix(f"make it `{gate}`", (line_above(item.span, gate),), is_safe=False)


RULE = Rule(
    code="WIT1207",
    name="changed-gate",
    category="gates",
    presets=STANDARD,
    on=GATED,
    check=check,
    doc=__doc__,
    fix="unsafe",
    needs="against",
)
