"""Comment that allows nothing.

## What it does

Reports a comment `// witkit: allow(…)` that allows nothing: the rule finds nothing there, there is no such rule, or the
comment cannot be understood. If a rule does not run, nothing is said about comments that allow it.

`// witkit: fmt off` and `fmt on` are reported if they change nothing: inside a statement, or if the first one is
in another block.

## Why

Such a comment hides the next mistake. Often the mistake that it was written for is gone, or the name of the rule has a
typing mistake and the finding is reported anyway.

## Bad

```wit
package example:shop;

interface prices {
  // witkit: allow(undocumented-function): an old comment
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  // witkit: allow(undocumented-function): its name says it all
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from witkit.checks.allow import Allow
from witkit.checks.context import Context
from witkit.checks.edits import remove, remove_element
from witkit.checks.rule import CATEGORIES, MINIMAL, Finding, Rule
from witkit.text import Edit, Fix, Span, closest

_CODE = re.compile(r"WIT\d{4}")


def check(allow: Allow, context: Context) -> Iterator[Finding]:
    """One finding for each name that is of no use."""
    if allow.is_idle:
        help = "write `fmt off` and then `fmt on` in the same block, between its items or members"
        yield Finding(allow.comment.span, "this comment to the formatter changes nothing", help)
    elif not allow.names:
        allow_it = "`// witkit: allow(rule-name): reason`, `allow-file(…)` for all of the file"
        help = f"write {allow_it}, or `fmt off` and `fmt on` on lines of their own"
        yield Finding(allow.comment.span, "this comment to witkit cannot be understood", help)
    for name in allow.unknown:
        yield _unknown(allow, name)
    for name in allow.unused:
        message = f"there is nothing here that `allow({name.text})` would allow"
        yield Finding(name, message, "remove it", fix=_without(allow, name))


def _unknown(allow: Allow, name: Span) -> Finding:
    from witkit.checks.table import NAMES

    if name.text in CATEGORIES:
        help = f"name the rules that it is about: `witkit explain {name.text}` lists them"
        return Finding(name, f"`{name.text}` is a category, not a rule", help)
    if (near := closest(name.text, NAMES)) is not None:
        fix = Fix(f"write `{near}`", (Edit(name, near),))
        return Finding(name, f"there is no rule `{name.text}`", f"did you mean `{near}`?", fix=fix)
    if _CODE.fullmatch(name.text):
        message = f"`{name.text}` is not the code of a rule: it cannot be allowed"
        return Finding(name, message, "remove it", fix=_without(allow, name))
    help = "`witkit rules` lists the rules"
    # The rule may be one of a plugin that is not installed here.
    return Finding(name, f"there is no rule `{name.text}`", help, fix=_without(allow, name, is_safe=False))


def _without(allow: Allow, name: Span, *, is_safe: bool = True) -> Fix:
    if len(allow.names) == 1:
        return Fix("remove the comment", (remove(allow.comment.span),), is_safe=is_safe)
    return Fix(f"remove `{name.text}`", (remove_element(allow.names, allow.names.index(name)),), is_safe=is_safe)


RULE = Rule(
    code="WIT1001",
    name="unused-allow",
    category="directives",
    presets=MINIMAL,
    on=(Allow,),
    check=check,
    doc=__doc__,
    fix="safe",
)
