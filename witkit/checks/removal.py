"""Edits that remove an item, or names from a `use`. A comment goes only with what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from witkit.checks.comments import above
from witkit.checks.context import Context
from witkit.checks.edits import remove, remove_element
from witkit.ir import Loaded, model
from witkit.syntax import nodes
from witkit.text import Edit, Span

_REMARK: Final = re.compile(r"[ \t]*(?://[^\r\n]*|/\*(?:(?!\*/|[\r\n]).)*\*/[ \t]*)(?=[\r\n]|$)")
"""A comment after an item, up to the end of the line."""


def without_item(item: nodes.Item) -> tuple[Edit, ...]:
    """A file without an item that is not in a list, the comments above it, and the one after it on its last line."""
    source = item.span.source
    remark = _REMARK.match(source.text, item.span.end)
    whole = source.span(item.span.start, remark.end() if remark else item.span.end)
    return (*(remove(comment.span) for comment in above(item)), remove(whole))


def has_comments(span: Span) -> bool:
    """Whether there are comments in a stretch without strings: they may be about what is beside them."""
    return "//" in span.text or "/*" in span.text


def without_used_names(use: nodes.Use, names: Sequence[nodes.UsedName]) -> tuple[Edit, ...]:
    """A `use` without some of its names; if none remains, also without the `use` and its comments.

    Nothing if there are comments among names of which some remain.
    """
    if len(names) == len(use.names):
        return without_item(use)
    if has_comments(use.span):
        return ()
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
