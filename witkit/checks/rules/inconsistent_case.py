"""Word in capitals here and in small letters there.

## What it does

Reports a name with a word in capitals, such as `DNS-error`, if another name of the package has the same word in small
letters. The first name with each such word is reported.

## Why

Nobody can remember which is which, and most languages make the same name of both. Names in small letters are the
convention of WIT.

## Bad

```wit
package example:shop;

interface prices {
  enum problem { DNS-timeout, connection-lost }
  /// The server's address.
  dns-name: func() -> result<string, problem>;
}
```

## Good

```wit
package example:shop;

interface prices {
  enum problem { dns-timeout, connection-lost }
  /// The server's address.
  dns-name: func() -> result<string, problem>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from witkit.checks.comments import has_capitals
from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES
from witkit.ir import Loaded
from witkit.ir.places import name_span
from witkit.syntax import nodes
from witkit.syntax.walk import children
from witkit.text import Related, Span

_DEFINING = (
    nodes.Interface,
    nodes.World,
    nodes.Extern,
    nodes.Function,
    nodes.Parameter,
    nodes.Field,
    nodes.Case,
    *CLASSES_OF_TYPES,
)


def check(item: nodes.Item, context: Context) -> Iterator[Finding]:
    """One finding for each word, at the first name that has it in capitals."""
    name = getattr(item, "name", None)
    if not isinstance(item, _DEFINING) or not isinstance(name, nodes.Id) or name.name.islower():
        return
    for word, small in context.once(_mixed, context.loaded).get(id(item), {}).items():
        related = (Related(small, "here in small letters"),)
        message = f"`{word}` is in small letters in other names"
        yield Finding(name.span, message, f"write `{word.lower()}` everywhere", related=related)


def _mixed(loaded: Loaded) -> dict[int, dict[str, Span]]:
    """By identity, the items that are the first with a word in capitals, and a name that has it in small letters."""
    small: dict[str, Span] = {}
    capital: dict[str, nodes.Item] = {}
    if not any(map(has_capitals, loaded.trees)):
        return {}
    for item in chain.from_iterable(map(_named, loaded.trees)):
        place = name_span(item)
        assert place is not None
        for word in place.text.removeprefix("%").split("-"):
            if word.islower():
                small.setdefault(word, place)
            elif word.isupper():
                capital.setdefault(word, item)
    found: dict[int, dict[str, Span]] = {}
    for word, item in capital.items():
        if word.lower() in small:
            found.setdefault(id(item), {})[word] = small[word.lower()]
    return found


def _named(node: nodes.Node) -> Iterator[nodes.Item]:
    """The items below a node that define a name."""
    for child in children(node):
        if isinstance(child, _DEFINING) and isinstance(child.name, nodes.Id):
            yield child
        if isinstance(child, nodes.Item | nodes.Signature | nodes.InlineInterface):
            yield from _named(child)


RULE = Rule(
    code="WIT1411",
    name="inconsistent-case",
    category="names",
    presets=WASI,
    on=(nodes.Item,),
    check=check,
    doc=__doc__,
    applies=lambda context: bool(context.once(_mixed, context.loaded)),
)
