"""The text of a package, before any name is looked up."""

from __future__ import annotations

import re
from dataclasses import field

from witkit._semver import version_key
from witkit.ir.model import PackageName
from witkit.syntax import nodes
from witkit.text import Source, Span
from witkit.text.values import entity, value

_WORD = re.compile(r"[A-Za-z][\w-]*")


NAMELESS = PackageName("unknown", "package", None)
"""The name of a package whose text does not name it."""


@entity(slots=True, eq=False)
class Unit:
    """One package: its name and docs, and one list of items per file. A nested package has a single list.

    `broken` are the texts with syntax errors, and `lost` the names in the parts of them that were not understood.
    `is_partial` is set if a file could not be read. `is_misnamed` is set if no header could be understood: `name` is
    a guess then, without a version. `is_stray` is set if the name differs from that of the folder's first file.
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
        """Whether its name is probably a mistake, which is reported already."""
        return self.is_misnamed or self.is_stray

    def names(self, kind: type[nodes.Interface] | type[nodes.World]) -> list[str]:
        """The names of its interfaces or of its worlds, sorted."""
        return sorted({item.name.name for items in self.files for item in items if isinstance(item, kind)})

    def may_define(self, name: str) -> bool:
        """Whether something of that name may be in a part that was not understood: its absence is not reported."""
        return self.is_partial or name in self.lost or nodes.UNKNOWN_NAME in self.lost


@value(frozen=True, slots=True, eq=False)
class PathMention:
    """A path in a file. `owner` is the interface or world that depends on it, for the order of the package's items.

    `names` are those that a `use` takes from the interface. `is_world` is set if the path must name a world.
    """

    file: int
    owner: str | None
    path: nodes.Path
    attributes: list[nodes.Attribute]
    names: list[nodes.UsedName] | None
    is_world: bool


def lost_names(file: nodes.File) -> set[str]:
    """Names in the parts of a text that were not understood, including a comment without end."""
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
    """All paths in a package, in the order in which wasm-tools looks for dependencies.

    Inside a world, these are the `use`s and `include`s in source order, then imports, then exports.
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
