"""Getters with and without `get-`.

## What it does

Reports a function that gives what another one with `set-` changes, if its name has `get-` and those of most such
functions of the package do not, or the reverse.

## Why

Users guess names from the names that they know. The proposals of WASI have changed getters to `get-` one after the
other, and each change broke every program.

## Bad

```wit
package example:shop;

interface prices {
  resource article {
    /// The name on the label.
    get-name: func() -> string;
    /// Changes the name on the label.
    set-name: func(value: string);
    /// The number on the label.
    get-number: func() -> u32;
    /// Changes the number on the label.
    set-number: func(value: u32);
    /// The price in cents.
    price: func() -> u32;
    /// Changes the price.
    set-price: func(value: u32);
  }
}
```

## Good

```wit
package example:shop;

interface prices {
  resource article {
    /// The name on the label.
    get-name: func() -> string;
    /// Changes the name on the label.
    set-name: func(value: string);
    /// The price in cents.
    get-price: func() -> u32;
    /// Changes the price.
    set-price: func(value: u32);
  }
}
```

## Options

- `style = "get"` wants `get-` everywhere, `style = "plain"` nowhere; `style = "most"` wants what most getters have, and
  `get-` if there are as many of both.
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.checks.scopes import scopes
from witkit.checks.types import mentions
from witkit.ir import Loaded
from witkit.syntax import nodes


def check(function: nodes.Function, context: Context) -> Iterator[Finding]:
    """One finding for each getter of the style that is not wanted."""
    getters = context.once(_getters, context.loaded)
    has_prefix = getters.get(id(function))
    if has_prefix is None:
        return
    style, name = context.options["style"], function.name.name
    wants_prefix = style == "get" or (style != "plain" and context.once(_mostly_with_prefix, context.loaded))
    if has_prefix != wants_prefix:
        better = f"get-{name}" if wants_prefix else name.removeprefix("get-")
        message = f"`{name}` is {'without' if wants_prefix else 'with'} `get-`, unlike other getters"
        yield Finding(function.name.span, message, f"call it `{better}`")


def _getters(loaded: Loaded) -> dict[int, bool]:
    """The functions that have a setter, by identity, and whether their names begin with `get-`."""
    found: dict[int, bool] = {}
    for tree in loaded.trees:
        for scope in scopes(tree):
            for functions in (scope.functions, *(resource.functions for resource in scope.resources)):
                found |= _getters_among(functions)
    return found


def _mostly_with_prefix(loaded: Loaded) -> bool:
    getters = _getters(loaded)
    return 2 * sum(getters.values()) >= len(getters)


def _getters_among(functions: list[nodes.Function]) -> dict[int, bool]:
    by_name = {function.name.name: function for function in functions}
    found = {}
    for name, function in by_name.items():
        what = name.removeprefix("get-")
        if f"set-{what}" in by_name and not name.startswith("set-") and function.signature.result is not None:
            found[id(function)] = what != name
    return found


RULE = Rule(
    code="WIT1410",
    name="inconsistent-getter",
    category="names",
    presets=WASI,
    on=(nodes.Function,),
    check=check,
    doc=__doc__,
    options={"style": "most"},
    applies=lambda context: mentions(context, "set-") and bool(context.once(_getters, context.loaded)),
)
