"""Which packages the text of a package and of its dependencies mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from witkit.ir import Loaded
from witkit.ir.resolve.units import package_name, path_mentions
from witkit.syntax import nodes
from witkit.text import Span

Mentions: TypeAlias = Mapping[str, Mapping[str, Span]]
"""For each package that is there as text, the packages that it mentions, each with the first place; by full names."""


def mentioned_packages(loaded: Loaded) -> Mentions:
    """What all packages mention that were read."""
    found: dict[str, dict[str, Span]] = {}
    for folder in loaded.folders:
        for header, files in _packages(folder.trees):
            own = found.setdefault(str(package_name(header.name)), {})
            for mention in path_mentions(files):
                if mention.path.package is not None:
                    own.setdefault(str(package_name(mention.path.package)), mention.path.span)
    return found


def needed_packages(loaded: Loaded) -> frozenset[str]:
    """The full names of the package itself, of those nested in it, and of all that these need."""
    assert loaded.resolve is not None
    known = mentioned_packages(loaded)
    waiting = [str(package.name) for package in loaded.resolve.main]
    found = set(waiting)
    while waiting:
        new = known.get(waiting.pop(), {}).keys() - found
        found |= new
        waiting += new
    return frozenset(found)


def _packages(trees: Iterable[nodes.File]) -> Iterator[tuple[nodes.PackageHeader, list[list[nodes.FileItem]]]]:
    """The package of a folder and those nested in it, each with its items by file."""
    files = list(trees)
    header = next((file.package for file in files if file.package is not None), None)
    if header is not None:
        yield header, [file.items for file in files]
    for item in (item for file in files for item in file.items):
        if isinstance(item, nodes.NestedPackage):
            yield item.header, [item.items]
