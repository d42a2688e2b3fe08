"""The functions of a package's files, as written: free ones, and those of resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from witkit.syntax import nodes


@dataclass(frozen=True, slots=True)
class Scope:
    """An interface or a world with its items."""

    node: nodes.Interface | nodes.World | nodes.InlineInterface
    items: tuple[nodes.Item, ...]

    @property
    def functions(self) -> list[nodes.Function]:
        """The free functions of an interface."""
        return [item for item in self.items if isinstance(item, nodes.Function)]

    @property
    def resources(self) -> list[nodes.Resource]:
        return [item for item in self.items if isinstance(item, nodes.Resource)]


def scopes(file: nodes.File) -> Iterator[Scope]:
    """The interfaces and worlds of a file, with those that are inside others."""
    stack: list[nodes.FileItem] = list(reversed(file.items))
    while stack:
        item = stack.pop()
        if isinstance(item, nodes.NestedPackage):
            stack += reversed(item.items)
        elif isinstance(item, nodes.Interface | nodes.World):
            yield Scope(item, tuple(item.items))
            for part in item.items:
                if isinstance(part, nodes.Extern) and isinstance(part.kind, nodes.InlineInterface):
                    yield Scope(part.kind, tuple(part.kind.items))
