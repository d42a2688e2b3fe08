"""Member that repeats the name around it.

## What it does

Reports a field, case, flag, method or static function whose name begins or ends with the whole name of its type.

## Why

Wherever the member is used, the name of the type is next to it: `article.article-name`, `Article::article_name()`.

## Bad

```wit
package example:shop;

interface prices {
  record article { article-name: string, price: u32 }
}
```

## Good

```wit
package example:shop;

interface prices {
  record article { name: string, price: u32 }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import OPT_IN, Finding, Rule
from witkit.syntax import nodes


def check(member: nodes.Field | nodes.Case | nodes.Function, context: Context) -> Iterator[Finding]:
    """One finding for each member with such a name."""
    outer = getattr(context.parent, "name", None)
    if not isinstance(outer, nodes.Id) or isinstance(context.parent, nodes.Interface):
        return
    name, around = member.name.name, outer.name
    shorter = name.removeprefix(f"{around}-").removesuffix(f"-{around}")
    if shorter != name:
        yield Finding(member.name.span, f"`{name}` repeats the name of `{around}`", f"call it `{shorter}`")


RULE = Rule(
    code="WIT1413",
    name="repeated-name",
    category="names",
    presets=OPT_IN,
    on=(nodes.Field, nodes.Case, nodes.Function),
    check=check,
    doc=__doc__,
)
