r"""Tag of another language in documentation.

## What it does

Reports `@param`, `@returns`, `\brief` and other tags of Javadoc, JSDoc and Doxygen at the start of a line of
documentation.

## Why

Documentation in WIT is Markdown, and no tool knows these tags: pages show them as text. Parameters have documentation
of their own. `@deprecated` in a comment deprecates nothing.

## Bad

```wit
package example:shop;

interface prices {
  /// The price of an article.
  /// @param article As printed on the label.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article.
  price: func(
    /// As printed on the label.
    article: string,
  ) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.prose import Documentation
from witkit.checks.rule import STANDARD, Finding, Rule

_TAG: Final = re.compile(
    r"^[ \t]*(?:[-*][ \t]+)?"
    r"([@\\](?:param|arg|tparam|returns?|retval|throws?|exception|brief|see|deprecated|since|author))\b",
    re.MULTILINE,
)
_INSTEAD: Final = {
    "param": "document the parameter itself, with `///` above it",
    "arg": "document the parameter itself, with `///` above it",
    "deprecated": "write the gate `@deprecated(version = …)` above the item",
    "since": "write the gate `@since(version = …)` above the item",
    "brief": "leave it out: the first sentence is the summary",
}


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each tag."""
    if "@" not in text.text and "\\" not in text.text:
        return
    for found in _TAG.finditer(text.prose):
        help = _INSTEAD.get(found[1][1:], "say it in a sentence")
        yield Finding(text.span(*found.span(1)), f"`{found[1]}` has no meaning in WIT", help)


RULE = Rule(
    code="WIT1322",
    name="documentation-tag",
    category="documentation",
    presets=STANDARD,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
