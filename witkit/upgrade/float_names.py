"""Today's WIT with the names of 2023 in it: `float32` and `float64`, which are not types any more."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax import nodes
from witkit.syntax.printer import printed

_NEW = {"float32": "f32", "float64": "f64"}


def with_new_names(file: nodes.File) -> str:
    """The text of a file with today's names for these types, and nothing else changed."""
    defined = set(_defined(file.items))

    def new_name(node: nodes.Node) -> str | None:
        name = node.id.name if isinstance(node, nodes.Named) else ""
        return None if name in defined else _NEW.get(name)

    return printed(file, new_name)


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
