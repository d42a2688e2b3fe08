"""Today's WIT with the names of 2023 in it: `float32` and `float64`, which are not types any more."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax import nodes
from witkit.text import Span

_NEW = {"float32": "f32", "float64": "f64"}


def with_new_names(file: nodes.File) -> str:
    """The text of a file with today's names for these types, and nothing else changed."""
    text, at, parts = file.source.text, 0, []
    defined = set(_defined(file.items))
    spans = [s for s in _old_names(file.items) if s.text not in defined]
    for span in sorted(spans, key=lambda s: s.start):
        parts += [text[at : span.start], _NEW[span.text]]
        at = span.end
    return "".join([*parts, text[at:]])


def _old_names(thing: object) -> Iterator[Span]:
    if isinstance(thing, nodes.Named):
        if thing.span.text in _NEW:
            yield thing.span
    elif isinstance(thing, list):
        for part in thing:
            yield from _old_names(part)
    elif isinstance(thing, nodes.Item | nodes.Signature | nodes.Generic | nodes.InlineInterface):
        for part in nodes.parts(thing):
            yield from _old_names(part)


def _defined(thing: object) -> Iterator[str]:
    """Names that the file itself gives to types."""
    if isinstance(thing, list):
        for part in thing:
            yield from _defined(part)
    elif isinstance(thing, nodes.UsedName):
        yield (thing.alias or thing.name).name
    elif isinstance(thing, nodes.Interface | nodes.World | nodes.NestedPackage | nodes.InlineInterface):
        yield from _defined(thing.items)
    elif isinstance(thing, nodes.Use):
        yield from _defined(thing.names)
    elif isinstance(thing, nodes.Alias | nodes.Record | nodes.Variant | nodes.Enum | nodes.Flags | nodes.Resource):
        yield thing.name.name
