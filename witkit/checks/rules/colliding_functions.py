"""Functions that get the same name in a language.

## What it does

Reports functions with different names in WIT and the same name in generated code:

- a function `new` of a resource with a constructor, which is `new` in Rust;
- in C, where the names of a resource and its function are joined: method `c-d` of `b` and method `d` of `b-c`, or
  method `c` of `b` and a function `method-b-c` of the interface.

## Why

The package loads, and the bindings do not compile. Renaming is only free before the first release.

## Bad

```wit
package example:shop;

interface prices {
  /// Something that can be bought.
  resource article {
    constructor();
    /// Makes an article with a name.
    new: static func(name: string) -> article;
  }
}
```

## Good

```wit
package example:shop;

interface prices {
  /// Something that can be bought.
  resource article {
    constructor();
    /// Makes an article with a name.
    with-name: static func(name: string) -> article;
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.checks.scopes import Scope, scopes
from witkit.syntax import nodes
from witkit.text import Related


def check(file: nodes.File, context: Context) -> Iterator[Finding]:
    """One finding for each function that collides with one before it."""
    for scope in scopes(file):
        for resource in scope.resources:
            yield from _constructors(resource)
        if scope.resources:
            yield from _joined(scope)


def _constructors(resource: nodes.Resource) -> Iterator[Finding]:
    """A function `new` beside the constructor."""
    constructor = next((each for each in resource.functions if each.kind is nodes.FunctionKind.CONSTRUCTOR), None)
    for function in resource.functions:
        if constructor is not None and function is not constructor and function.name.name.lower() == "new":
            related = (Related(constructor.name.span, "the constructor"),)
            message = f"in Rust, the constructor of `{resource.name.name}` is called `new` as well"
            yield Finding(function.name.span, message, "rename the function", related=related)


def _joined(scope: Scope) -> Iterator[Finding]:
    """Functions whose names are equal in C, where all names of an interface share one scope."""
    seen: dict[str, nodes.Function] = {function.name.name.lower(): function for function in scope.functions}
    for resource in scope.resources:
        for function in resource.functions:
            is_constructor = function.kind is nodes.FunctionKind.CONSTRUCTOR
            own = "" if is_constructor else f"-{function.name.name}"
            joined = f"{function.kind.value}-{resource.name.name}{own}".lower()
            before = seen.setdefault(joined, function)
            if before is not function:
                related = (Related(before.name.span, "the other function"),)
                message = f"in C, another function is called `{joined.replace('-', '_')}` as well"
                yield Finding(function.name.span, message, "rename one of the two", related=related)


RULE = Rule(
    code="WIT1414",
    name="colliding-functions",
    category="names",
    presets=STANDARD,
    on=(nodes.File,),
    check=check,
    doc=__doc__,
)
