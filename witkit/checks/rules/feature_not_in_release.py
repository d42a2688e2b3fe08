"""Feature of WIT that the release of WASI does not have.

## What it does

Reports features of WIT that the release named by `wasi` has not adopted. Before 0.3.0 these are `async`, `stream` and
`future`; before 0.3.1 also `map`, interfaces under another name, and `@external-id`. Lists of a fixed length and
`error-context` are in no release. Items that are `@unstable` are not part of a release, and neither are items of WASI's
own packages that are `@since` a later one.

## Why

Hosts and generators that were made for a release refuse the whole package, and only some of them say where.

## Bad

```toml
[check]
wasi = "0.3.0"
```

```wit
package example:shop;

interface prices {
  /// The price of each item, in cents.
  all: func() -> map<string, u32>;
}
```

## Good

```toml
[check]
wasi = "0.3.1"
```

```wit
package example:shop;

interface prices {
  /// The price of each item, in cents.
  all: func() -> map<string, u32>;
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.context import Context
from witkit.checks.features import Feature
from witkit.checks.releases import SINCE, is_adopted, is_later, used_feature
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes
from witkit.text import Severity

_INSTEAD = {
    Feature.FIXED_LENGTH_LIST: "use a list or a tuple",
    Feature.ERROR_CONTEXT: "use a type of the package for errors",
}


def check(node: nodes.Node, context: Context) -> Iterator[Finding]:
    """One finding for each place with a feature that the release does not have."""
    release = context.settings.wasi
    used = used_feature(node)
    if release is None or used is None or is_adopted(used[0], release) or _is_outside(node, release, context):
        return
    feature, place = used
    since = SINCE[feature]
    help = f"WASI {since} is the first release that has it" if since else f"no release has it: {_INSTEAD[feature]}"
    yield Finding(place, f"WASI {release} does not have {feature.value}", help)


def _is_outside(node: nodes.Node, release: str, context: Context) -> bool:
    """Whether the item is not part of the release: because of its own gate, or of one around it."""
    items = [each for each in (*context.parents, node) if isinstance(each, nodes.Item)]
    return any(_is_gated(gate, release, context) for item in items for gate in item.attributes)


def _is_gated(gate: nodes.Attribute, release: str, context: Context) -> bool:
    if gate.name.name == "unstable":
        return True
    versions = [each.value for each in gate.arguments if isinstance(each.value, nodes.Version)]
    is_of_wasi = context.package.name.namespace == "wasi"
    return gate.name.name == "since" and is_of_wasi and any(is_later(each.text, release) for each in versions)


RULE = Rule(
    code="WIT1801",
    name="feature-not-in-release",
    category="releases",
    presets=MINIMAL,
    on=(nodes.Primitive, nodes.Generic, nodes.Signature, nodes.Extern, nodes.Attribute),
    check=check,
    doc=__doc__,
    severity=Severity.ERROR,
    needs="wasi",
)
