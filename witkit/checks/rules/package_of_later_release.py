"""Package of WASI from a later release.

## What it does

Reports references to packages of WASI in a version that is later than the release named by `wasi`.

## Why

A host of WASI 0.2.3 need not have all functions of `wasi:io@0.2.9`. It accepts the later version by name, so that the
component fails only when it is instantiated, and only with such a host.

## Bad

```toml
[check]
wasi = "0.2.3"
```

```wit
package example:shop;

interface prices {
  use wasi:io/streams@0.2.9.{input-stream};

  /// The price list.
  all: func() -> input-stream;
}
```

```wit
// deps/io/io.wit
package wasi:io@0.2.9;

interface streams {
  resource input-stream;
}
```

## Good

```toml
[check]
wasi = "0.2.9"
```

```wit
package example:shop;

interface prices {
  use wasi:io/streams@0.2.9.{input-stream};

  /// The price list.
  all: func() -> input-stream;
}
```

```wit
// deps/io/io.wit
package wasi:io@0.2.9;

interface streams {
  resource input-stream;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.releases import is_later
from witkit.checks.rule import STANDARD, Finding, Rule
from witkit.syntax import nodes


def check(path: nodes.Path, context: Context) -> Iterator[Finding]:
    """One finding for each such reference."""
    package, release = path.package, context.settings.wasi
    if release is None or package is None or package.version is None or package.namespace.name != "wasi":
        return
    if is_later(package.version.text, release):
        message = f"`{package.span.text}` is later than WASI {release}"
        yield Finding(package.version.span, message, f"use version {release} or an earlier one of the package")


RULE = Rule(
    code="WIT1802",
    name="package-of-later-release",
    category="releases",
    presets=STANDARD,
    on=(nodes.Path,),
    check=check,
    doc=__doc__,
    needs="wasi",
)
