"""Function without documentation.

## What it does

Reports a function of an interface, a method or a static function without a comment `///` or `/** … */` directly above
it. Tools take a comment `//` for documentation as well; the fix makes it a `///`.

## Why

A signature does not say what happens at the limits: which errors there are, what an empty list means, whether a call
blocks. Every generator of bindings copies this text into the code that people read.

## Bad

```wit
package example:shop;

interface prices {
  // The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Options

- `constructors = true` wants documentation for constructors, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.comments import above, is_directive, is_documented
from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Fix, Span


def check(function: nodes.Function, context: Context) -> Iterator[Finding]:
    """One finding for each function without documentation."""
    is_constructor = function.kind is nodes.FunctionKind.CONSTRUCTOR
    if is_documented(function) or (is_constructor and not context.options["constructors"]):
        return
    remarks = [comment for comment in above(function) if _is_line(comment) and not is_directive(comment)]
    message = f"`{function.name.name}` has no documentation"
    if not remarks:
        yield Finding(function.name.span, message, "say what it does in a comment `///` above it")
        return
    starts = (Span(each.span.source, each.span.start, each.span.start + 2) for each in remarks)
    fix = Fix("make the comment above it documentation", tuple(replace(start, "///") for start in starts))
    yield Finding(function.name.span, message, "write the comment above it with `///`", fix=fix)


def _is_line(comment: nodes.Comment) -> bool:
    return comment.text.startswith("//") and not comment.text.startswith("///")


RULE = Rule(
    code="WIT1301",
    name="undocumented-function",
    category="documentation",
    presets=STANDARD,
    on=(nodes.Function,),
    check=check,
    doc=__doc__,
    fix="safe",
    options={"constructors": False},
)
