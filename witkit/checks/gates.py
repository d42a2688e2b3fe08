"""Gates as rules see them: `@since`, `@unstable` and `@deprecated`, as the text has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit._semver import version_key
from witkit.checks.context import Context
from witkit.checks.edits import replace
from witkit.checks.removal import has_comments
from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.text import Fix
from witkit.text.values import value

GATED: Final = (
    nodes.Interface,
    nodes.World,
    nodes.Alias,
    nodes.Record,
    nodes.Variant,
    nodes.Enum,
    nodes.Flags,
    nodes.Resource,
    nodes.Function,
    nodes.Use,
    nodes.Extern,
    nodes.Include,
)
"""The nodes that can have gates."""


@value(frozen=True, slots=True, eq=False)
class Attributed:
    """An item with attributes: rules about gates that an item has want these rather than all items that could."""

    item: nodes.Item


_GATES: Final = ("since", "unstable")
_DEPRECATION: Final = ("deprecated",)


def gate_of(item: nodes.Node) -> nodes.Attribute | None:
    """The `@since` or `@unstable` of an item."""
    return _attribute(item, _GATES)


def deprecation_of(item: nodes.Node) -> nodes.Attribute | None:
    """The `@deprecated` of an item."""
    return _attribute(item, _DEPRECATION)


def _attribute(item: nodes.Node, names: tuple[str, ...]) -> nodes.Attribute | None:
    for each in getattr(item, "attributes", ()):
        if each.name.name in names:
            return each  # type: ignore[no-any-return]
    return None


def since(gate: nodes.Attribute | None) -> str | None:
    """The version of a `@since` or `@deprecated`; None for `@unstable` and for no gate."""
    value = gate.arguments[0].value if gate is not None else None
    return value.text if isinstance(value, nodes.Version) else None


def feature(gate: nodes.Attribute | None) -> nodes.Id | None:
    """The feature of an `@unstable`."""
    value = gate.arguments[0].value if gate is not None else None
    return value if isinstance(value, nodes.Id) else None


def gate_for(context: Context, item: nodes.Node) -> nodes.Attribute | None:
    """The gate of an item, or else the nearest one around it."""
    for node in (item, *reversed(context.parents)):
        if getattr(node, "attributes", None) and (gate := gate_of(node)) is not None:
            return gate
    return None


def gates_around(context: Context, item: nodes.Node) -> Iterator[nodes.Attribute]:
    """The gate of an item, that of the item around it, and so on, for those that have one."""
    for node in (item, *reversed(context.parents)):
        if (gate := gate_of(node)) is not None:
            yield gate


def rewritten(gate: nodes.Attribute, text: str, *, is_safe: bool = True) -> Fix | None:
    """A fix that makes another gate of a gate; None if that would lose a comment in it."""
    if has_comments(gate.span):
        return None
    return Fix(f"make it `{text}`", (replace(gate.span, text),), is_safe)


def is_deprecated(context: Context, item: nodes.Node) -> bool:
    """Whether an item or one around it is deprecated."""
    return any(deprecation_of(node) is not None for node in (item, *context.parents))


def has_gates(loaded: Loaded) -> bool:
    """Whether any file of the package has a gate: a cheap look before any other."""
    return any("@since" in tree.source.text or "@unstable" in tree.source.text for tree in loaded.trees)


def stability(element: model.TypeDef | model.Interface | model.World) -> model.Stability | None:
    """The stability of an element, or else that of its interface or world."""
    owner = element.owner if isinstance(element, model.TypeDef) else None
    return element.stability or (owner.stability if owner is not None else None)


def is_older(version: str, than: str) -> bool:
    """Whether a version comes before another one."""
    return version_key(version) < version_key(than)
