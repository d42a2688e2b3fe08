"""Dependency that is not in the lock.

## What it does

Reports packages in `deps/` that neither `deps.lock` nor `deps.toml` lists. Without a `deps.lock`, nothing is reported.
What a lock says of its own packages and of `deps.toml` is always compared (WIT0518 to WIT0521).

## Why

Nobody can check such a package: a local edit stays unnoticed, and whoever fetches the dependencies does not get it.

## Bad

```toml
# deps.lock
[money]
path = "../money"
```

```wit
// deps/money/money.wit
package example:money;
```

```wit
// deps/bank/bank.wit
package example:bank;
```

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```

## Good

```toml
# deps.lock
[money]
path = "../money"

[bank]
path = "../bank"
```

```wit
// deps/money/money.wit
package example:money;
```

```wit
// deps/bank/bank.wit
package example:bank;
```

```wit
package example:shop;

/// What articles cost.
interface prices {
  /// The price of an article in cents.
  price: func(article: string) -> u32;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from witkit.checks.context import Context
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.ir import model
from witkit.ir.load.files import PackageFolder, join
from witkit.ir.load.tables import TomlDocument, read_table
from witkit.ir.report import Report
from witkit.text import Span


def check(package: model.Package, context: Context) -> Iterator[Finding]:
    """One finding for each entry of `deps/` that is not listed."""
    folder = next((each.path for each in context.loaded.folders if each.is_main), None)
    lock = _table(folder, "deps.lock") if folder is not None and package is context.resolve.main[0] else None
    if lock is None or folder is None:
        return
    listed = _table(folder, "deps.toml")
    names = {*lock.data, *(listed.data if listed is not None else ())}
    for name, place in _headers(folder, context.loaded.folders).items():
        if name not in names:
            help = "add it to `deps.toml` and update the lock (`wit-deps lock`), or remove it"
            yield Finding(place, f"dependency `{name}` is not in `{lock.source.name}`", help)


def _table(folder: str, name: str) -> TomlDocument | None:
    """A table in the folder of the package. If it is not valid TOML, loading has reported it."""
    return read_table(Path(folder) / name, join(folder, name), Report())


def _headers(folder: str, folders: tuple[PackageFolder, ...]) -> dict[str, Span]:
    """The names of the entries in `deps/`, each with the place of the package's name."""
    deps = Path(folder) / "deps"
    found = {}
    for each in folders:
        header = next((tree.package for tree in each.trees if tree.package is not None), None)
        if Path(each.path).parent == deps and header is not None:
            found[Path(each.path).stem if each.path.endswith(".wit") else Path(each.path).name] = header.name.span
    return found


RULE = Rule(
    code="WIT1632",
    name="unlocked-dependency",
    category="uses",
    presets=STANDARD,
    on=(model.Package,),
    check=check,
    doc=__doc__,
)
