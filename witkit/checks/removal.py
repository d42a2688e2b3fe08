"""Edits that take names out of a `use`."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.checks.comments import above
from witkit.checks.context import Context
from witkit.checks.edits import remove, remove_element
from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.text import Edit


def without_used_names(use: nodes.Use, names: Sequence[nodes.UsedName]) -> tuple[Edit, ...]:
    """A `use` without some of its names; if none remains, also without the `use` and the comments above it."""
    if len(names) == len(use.names):
        return (*(remove(comment.span) for comment in above(use)), remove(use.span))
    spans = [each.span for each in use.names]
    return tuple(remove_element(spans, use.names.index(name)) for name in names)


def is_used_elsewhere(name: nodes.UsedName, context: Context) -> bool:
    """Whether another `use` takes a type from where this one has brought it."""
    return id(context.element(name)) in context.once(_used_on, context.loaded)


def _used_on(loaded: Loaded) -> frozenset[int]:
    """The types that another `use` takes from where one has brought them."""
    assert loaded.resolve is not None
    kinds = (type_.kind for type_ in loaded.resolve.types)
    return frozenset(id(kind.type) for kind in kinds if isinstance(kind, model.Alias))
