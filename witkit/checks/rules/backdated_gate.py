"""New item that claims to be old.

## What it does

Reports an item that the package to compare with does not have, and whose `@since` is not later than the version of that
package. The fix writes the version of this package.

## Why

Who has the earlier release and relies on `@since` finds that the item is missing. Copying an item with its gate is
enough to get this wrong.

## Bad

```wit
package example:shop@1.1.0;

interface prices {
  /// The discount on an article.
  @since(version = 1.0.0)
  discount: func(article: string) -> u32;
}
```

```wit
// before/shop.wit
package example:shop@1.0.0;

interface prices {}
```

## Good

```wit
package example:shop@1.1.0;

interface prices {
  /// The discount on an article.
  @since(version = 1.1.0)
  discount: func(article: string) -> u32;
}
```

```wit
// before/shop.wit
package example:shop@1.0.0;

interface prices {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.before import before, keys
from witkit.checks.context import Context
from witkit.checks.gates import GATED, gate_of, is_older, rewritten, since
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """At most one finding for each item with a `@since` of its own."""
    gate, current = gate_of(item), context.package.name.version
    version = since(gate)
    old = before(context) if version is not None else None
    if gate is None or version is None or current is None or old is None or is_older(old.version, version):
        return
    # As long as the version has not changed, it may belong to the release that is being prepared.
    is_possible = version == old.version == current
    if is_possible or all(key in old.gates for key in keys(item, context)):
        return
    gate_now = f"@since(version = {current})"
    fix = rewritten(gate, gate_now, is_safe=False)
    message = f"`{(name_span(item) or item.span).text}` exists since {version}, and {old.version} does not have it"
    help = "write the version that it comes with" if current != old.version else "raise the package's version"
    yield Finding(gate.span, message, help, fix=fix if current != old.version else None)


RULE = Rule(
    code="WIT1206",
    name="backdated-gate",
    category="gates",
    presets=STANDARD,
    on=GATED,
    check=check,
    doc=__doc__,
    fix="unsafe",
    needs="against",
)
