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

from collections.abc import Iterable

from witkit.checks.context import Context
from witkit.checks.rule import STRICT, Finding, Rule
from witkit.checks.types import meaning
from witkit.ir import model
from witkit.syntax import nodes


def check(result: nodes.Generic, context: Context) -> Iterable[Finding]:
    """At most one finding."""
    if result.constructor != "result" or len(result.arguments) < 2:
        return ()
    ok, error = result.arguments
    if ok is None or error is None or not _are_equal(ok, error, context):
        return ()
    message = f"the error of this result has the type of its success, `{ok.span.text}`"
    return (Finding(result.span, message, "give the error a type of its own"),)


def _are_equal(one: nodes.Type, other: nodes.Type, context: Context) -> bool:
    """Whether two types are one, through their names; unnamed ones if they are spelled alike."""
    first, second = meaning(one, context), meaning(other, context)
    if first is None or second is None:
        return False
    return model.unalias(first) is model.unalias(second) or one.span.text == other.span.text


RULE = Rule(
    code="WIT1509",
    name="equal-result-types",
    category="types",
    presets=STRICT,
    on=(nodes.Generic,),
    check=check,
    doc=__doc__,
)
