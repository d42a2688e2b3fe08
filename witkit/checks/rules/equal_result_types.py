"""Result whose error is like its success.

## What it does

Reports `result<t, t>`: a success and an error of the same type.

## Why

Some languages return the one or the other without a mark. Callers then cannot know whether the call succeeded, and
everywhere else one is easily taken for the other.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// An article or its name.
  type text = string;
  /// The article that has a number, or else the reason.
  find: func(number: u32) -> result<string, text>;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// Why no article has the number.
  enum find-error { sold-out, unknown }
  /// The article that has a number.
  find: func(number: u32) -> result<string, find-error>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.shapes import meaning
from witkit.syntax import nodes


def check(result: nodes.Generic, context: Context) -> Iterator[Finding]:
    """At most one finding."""
    types = [each for each in result.arguments if each is not None]
    if result.constructor == "result" and len(types) == 2:
        ok, error = (meaning(each, context) for each in types)
        if ok == error:
            message = f"the error of this result has the type of its success, `{types[0].span.text}`"
            yield Finding(result.span, message, "give the error a type of its own")


RULE = Rule(
    code="WIT1509",
    name="equal-result-types",
    category="types",
    presets=STRICT,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
)
