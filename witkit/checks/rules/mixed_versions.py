"""Versions of a package that should be one.

## What it does

Reports a world that needs a package in two versions of one track, such as 0.2.0 and 0.2.1: by itself, or by what it
imports and exports. In a package without worlds, interfaces are reported.

## Why

Versions of one track are compatible, but their types are different types: a resource of 0.2.0 does not fit a function
of 0.2.1. The world imports both, and a host has to provide both.

## Bad

```wit
package example:shop;

/// What articles cost.
interface prices {
  use example:money/types@0.2.1.{cents};
  use example:bank/accounts.{account};
  /// Pay for an article.
  pay: func(price: cents, account: account);
}
```

```wit
// deps/bank/bank.wit
package example:bank;

interface accounts {
  use example:money/types@0.2.0.{cents};
  record account { balance: cents }
}
```

```wit
// deps/money-0.2.0/money.wit
package example:money@0.2.0;

interface types {
  type cents = u32;
}
```

```wit
// deps/money-0.2.1/money.wit
package example:money@0.2.1;

interface types {
  type cents = u32;
}
```

## Good

```wit
package example:shop;

/// What articles cost.
interface prices {
  use example:money/types@0.2.0.{cents};
  use example:bank/accounts.{account};
  /// Pay for an article.
  pay: func(price: cents, account: account);
}
```

```wit
// deps/bank/bank.wit
package example:bank;

interface accounts {
  use example:money/types@0.2.0.{cents};
  record account { balance: cents }
}
```

```wit
// deps/money-0.2.0/money.wit
package example:money@0.2.0;

interface types {
  type cents = u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from witkit._semver import version_key
from witkit.checks.context import Context
from witkit.checks.needed import mentioned_packages
from witkit.checks.resources import with_used
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.text import Related


def check(item: nodes.World | nodes.Interface, context: Context) -> Iterator[Finding]:
    """One finding for each package that is needed in several versions of one track."""
    element = context.element(item)
    if isinstance(element, model.World):
        items = (*element.imports.values(), *element.exports.values())
        interfaces = {each.interface for each in items if isinstance(each, model.WorldInterface)}
    elif isinstance(element, model.Interface) and not context.package.worlds:
        interfaces = with_used(element)
    else:
        return
    for versions in _tracks({each.package.name for each in interfaces}):
        name = f"{versions[0].namespace}:{versions[0].name}"
        numbers = " and ".join(str(each.version) for each in versions)
        message = f"`{item.name.name}` needs `{name}` in versions {numbers}, whose types are different"
        help = f"use {versions[-1].version} everywhere, or one that everything can use"
        yield Finding(item.name.span, message, help, related=_places(versions, context))


def _has_several(loaded: Loaded) -> bool:
    """Whether anything was loaded in several versions: a cheap look before any other."""
    assert loaded.resolve is not None
    packages = loaded.resolve.packages
    return len({(each.name.namespace, each.name.name) for each in packages}) < len(packages)


def _tracks(names: Iterable[model.PackageName]) -> Iterator[list[model.PackageName]]:
    """The packages of which there are several versions of one track, with these in their order."""
    versioned = [(name, name.version) for name in names if name.version is not None]
    if len(versioned) < 2:
        return
    from witkit.abi.versions import track  # all of `witkit.abi` comes with it, and few packages need it

    found: dict[tuple[str, str, str], list[model.PackageName]] = {}
    for name, version in versioned:
        found.setdefault((name.namespace, name.name, track(version)), []).append(name)
    for versions in found.values():
        if len(versions) > 1:
            yield sorted(versions, key=lambda name: version_key(name.version or ""))


def _places(versions: Iterable[model.PackageName], context: Context) -> tuple[Related, ...]:
    """The first place that mentions each of the versions."""
    known = context.once(mentioned_packages, context.loaded).values()
    found = (next((places[str(name)] for places in known if str(name) in places), None) for name in versions)
    return tuple(Related(place, "needed here") for place in found if place is not None)


RULE = Rule(
    code="WIT1631",
    name="mixed-versions",
    category="uses",
    presets=STANDARD,
    on=(nodes.World, nodes.Interface),
    check=check,
    doc=__doc__,
    applies=lambda context: context.once(_has_several, context.loaded),
)
