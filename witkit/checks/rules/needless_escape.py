"""Name with a `%` that it does not need.

## What it does

Reports `%` before a name that is not a keyword of WIT. The fix removes it.

## Why

The `%` is not a part of the name. Readers who do not know that look for it in the bindings.

## Bad

```wit
package example:shop;

interface prices {
  /// The price of an article.
  %price: func(%article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article.
  price: func(article: string) -> u32;
}
```

## Fixed

```wit
package example:shop;

interface prices {
  /// The price of an article.
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.syntax import nodes
from witkit.syntax.keywords import KEYWORDS
from witkit.syntax.walk import walk
from witkit.text import Fix

_ESCAPED: Final = re.compile(r"%([A-Za-z][\w-]*)")


def check(file: nodes.File, context: Context) -> Iterator[Finding]:
    """One finding for each such name."""
    if KEYWORDS.issuperset(_ESCAPED.findall(file.source.text)):
        return
    for node, _ in walk(file):
        if isinstance(node, nodes.Id) and node.name not in KEYWORDS and node.span.text.startswith("%"):
            fix = Fix("remove the `%`", (replace(node.span, node.name),))
            yield Finding(node.span, f"`{node.name}` does not need a `%`", "remove it", fix=fix)


RULE = Rule(
    code="WIT1416",
    name="needless-escape",
    category="names",
    presets=STRICT,
    on=(nodes.File,),
    check=check,
    doc=__doc__,
    fix="safe",
)
