"""A package as its files spell it, before any name is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from witkit._semver import version_key
from witkit.ir.model import PackageName
from witkit.syntax import nodes
from witkit.text import Source, Span

_WORD = re.compile(r"[A-Za-z][\w-]*")


NAMELESS = PackageName("unknown", "package", None)
"""Stands for the name of a package that says none."""


@dataclass(slots=True, eq=False)
class Unit:
    """One package: its name and docs, and one list of items for each file (one for a nested package).

    `broken` are the texts that could not be understood wholly, `lost` the names in what was not understood of them;
    `is_partial` is set where a file could not be read, and `is_misnamed` if no header could be understood: then the
    name is what could be made out, without a version. `is_stray` units have another name than their folder's first.
    """

    name: PackageName
    span: Span
    docs: str | None
    files: list[list[nodes.FileItem]]
    broken: list[Source] = field(default_factory=list)
    is_partial: bool = False
    is_misnamed: bool = False
    is_stray: bool = False
    main: bool = False
    mentions: list[PathMention] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    @property
    def is_doubtful(self) -> bool:
        """Whether its name is likely a mistake, which is reported already."""
        return self.is_misnamed or self.is_stray

    def names(self, kind: type[nodes.Interface] | type[nodes.World]) -> list[str]:
        """The names of its interfaces or of its worlds, sorted."""
        return sorted({item.name.name for items in self.files for item in items if isinstance(item, kind)})

    def may_define(self, name: str) -> bool:
        """Whether something of that name may have been lost: then its absence is nothing to complain about."""
        return self.is_partial or name in self.lost or nodes.UNKNOWN_NAME in self.lost


@dataclass(frozen=True, slots=True, eq=False)
class PathMention:
    """A path in a file: who names it (`owner`: the interface or world whose order it decides) and for what.

    `names` are those that a `use` takes from the interface; `is_world` tells what the path must lead to.
    """

    file: int
    owner: str | None
    path: nodes.Path
    attributes: list[nodes.Attribute]
    names: list[nodes.UsedName] | None
    is_world: bool


def lost_names(file: nodes.File) -> set[str]:
    """Names in the parts of a text that were not understood, the inside of a comment without end among them."""
    last = file.comments[-1] if file.comments else None
    is_open = last is not None and last.is_block and last.span.end == len(file.source.text)
    hidden = _WORD.findall(last.text) if last is not None and is_open else []
    return {id.name for id in file.lost}.union(hidden)


def package_name(node: nodes.PackageName) -> PackageName:
    return PackageName(node.namespace.name, node.name.name, node.version.text if node.version else None)


def package_order(name: PackageName) -> tuple[object, ...]:
    """Sorts package names by namespace, name and version; no version comes first."""
    return (name.namespace, name.name, () if name.version is None else (version_key(name.version),))


def path_mentions(files: list[list[nodes.FileItem]]) -> list[PathMention]:
    """Every path of a package in the order that decides which dependency is met first.

    Inside a world that is: `use` and `include` in source order, then imports, then exports.
    """
    found: list[PathMention] = []
    for file, items in enumerate(files):
        for item in items:
            if isinstance(item, nodes.TopUse):
                found.append(PathMention(file, None, item.path, item.attributes, None, False))
            elif isinstance(item, nodes.Interface):
                _uses(found, file, item.name.name, item.items)
            elif isinstance(item, nodes.World):
                _world(found, file, item)
    return found


def _uses(found: list[PathMention], file: int, owner: str | None, items: list[nodes.InterfaceItem]) -> None:
    for item in items:
        if isinstance(item, nodes.Use):
            found.append(PathMention(file, owner, item.path, item.attributes, item.names, False))


def _world(found: list[PathMention], file: int, world: nodes.World) -> None:
    externs = [item for item in world.items if isinstance(item, nodes.Extern)]
    for item in world.items:
        if isinstance(item, nodes.Use):
            found.append(PathMention(file, None, item.path, item.attributes, item.names, False))
        elif isinstance(item, nodes.Include):
            found.append(PathMention(file, world.name.name, item.path, item.attributes, None, True))
    for extern in sorted(externs, key=lambda e: e.direction is nodes.Direction.EXPORT):
        if isinstance(extern.kind, nodes.Path):
            found.append(PathMention(file, None, extern.kind, extern.attributes, None, False))
        elif isinstance(extern.kind, nodes.InlineInterface):
            _uses(found, file, None, extern.kind.items)
