"""Which interface or world a path means: names in a file, in the package, and in other packages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from itertools import chain

from witkit.ir.model import Interface, World
from witkit.ir.report import first_defined
from witkit.ir.resolve.attributes import stability_of
from witkit.ir.resolve.context import Context
from witkit.ir.resolve.foreign import Foreign, Item
from witkit.ir.resolve.units import PathMention, Unit
from witkit.ir.toposort import Edge, find_cycles, toposort
from witkit.syntax import nodes
from witkit.text import Related, Span
from witkit.text.values import entity

UNKNOWN_ITEM = "WIT0201"
DUPLICATE_ITEM = "WIT0207"
DUPLICATE_IN_FILE = "WIT0208"
WRONG_KIND = "WIT0217"
ITEM_CYCLE = "WIT0219"
ATTRIBUTES_ON_TOP_USE = "WIT0406"


@entity(slots=True, eq=False)
class DeclaredItem:
    """One interface or world of the package: its item in the model, and its text."""

    item: Item
    node: nodes.Interface | nodes.World
    file: int


@entity(slots=True, eq=False)
class Items:
    """The names of one package. `files[i]` are those that only file `i` sees; None means that the item is unknown."""

    context: Context
    unit: Unit
    foreign: Foreign
    declared: dict[str, DeclaredItem] = field(default_factory=dict)
    files: list[dict[str, Item | None]] = field(default_factory=list)
    order: list[DeclaredItem] = field(default_factory=list)
    top_uses: dict[tuple[int, str], Span] = field(default_factory=dict)

    def populate(self) -> None:
        """Enter all declarations, then sort them.

        wasm-tools numbers interfaces and worlds in the order of their dependencies; among those that do not depend on
        each other, in the order of files and texts.
        """
        for file, items in enumerate(self.unit.files):
            for item in items:
                if isinstance(item, nodes.Interface | nodes.World):
                    self._declare(file, item)
        for file, items in enumerate(self.unit.files):
            self.files.append(self._names_of_file(file, items))
        self._sort()
        self._look_up_types()

    def find(self, file: int, path: nodes.Path, *, is_quiet: bool = False) -> Item | None:
        """The item that `path` means in `file`; None if it is unknown, which is reported."""
        if path.package is not None:
            return self.foreign.item(path)
        name = path.name.name
        if name in self.files[file]:
            return self.files[file][name]
        if name in self.declared:
            return self.declared[name].item
        if not is_quiet:
            self._not_found(path.name, self.files[file])
        return None

    def interface(self, file: int, path: nodes.Path) -> Interface | None:
        item = self.find(file, path)
        if isinstance(item, World):
            self._wrong_kind(path, item, "a world, not an interface", "`include` takes worlds, `use` interfaces")
            return None
        return item

    def world(self, file: int, path: nodes.Path) -> World | None:
        item = self.find(file, path)
        if isinstance(item, Interface):
            self._wrong_kind(path, item, "an interface, not a world", "`import` or `export` the interface instead")
            return None
        return item

    def _declare(self, file: int, node: nodes.Interface | nodes.World) -> None:
        name = node.name
        previous = self.declared.get(name.name)
        if previous is not None:
            self.context.report.error(
                DUPLICATE_ITEM,
                f"duplicate item named `{name.name}`",
                name.span,
                related=first_defined(previous.node.name.span),
                help="interfaces and worlds of a package share one set of names: rename one of the two",
            )
            return
        package = self.context.package
        item: Item
        if isinstance(node, nodes.Interface):
            item = Interface(name=name.name, package=package, span=name.span)
        else:
            item = World(name=name.name, package=package, span=name.span)
        self.declared[name.name] = DeclaredItem(item, node, file)

    def _names_of_file(self, file: int, items: list[nodes.FileItem]) -> dict[str, Item | None]:
        names: dict[str, Item | None] = {}
        places: dict[str, Span] = {}
        for item in items:
            if isinstance(item, nodes.TopUse):
                name, found = item.alias or item.path.name, self._top_use(item)
                self.top_uses.setdefault((file, name.name), item.path.name.span)
            elif isinstance(item, nodes.Interface | nodes.World):
                name, found = item.name, self.declared[item.name.name].item
                if self.declared[item.name.name].node is not item:
                    continue
            else:
                continue
            if name.name in names:
                self.context.report.error(
                    DUPLICATE_IN_FILE,
                    f"duplicate name `{name.name}` in this file",
                    name.span,
                    related=first_defined(places[name.name]),
                    help="give the used one another name: `use … as other-name;`",
                )
                continue
            names[name.name] = found
            places[name.name] = name.span
        return names

    def _top_use(self, use: nodes.TopUse) -> Item | None:
        if use.attributes:
            self.context.report.error(
                ATTRIBUTES_ON_TOP_USE,
                "a `use` at the top of a file cannot have attributes",
                use.attributes[0].span,
                help="put the attributes on the `use` inside the interface or world",
            )
        if use.path.package is not None:
            return self.foreign.item(use.path)
        declared = self.declared.get(use.path.name.name)
        if declared is None:
            self._not_found(use.path.name, ())
            return None
        return declared.item

    def _look_up_types(self) -> None:
        """Look up all types of other packages in the order of their mentions: the first one decides (see `Foreign`)."""
        for mention in self.unit.mentions:
            if not mention.names:
                continue
            item = self.find(mention.file, mention.path, is_quiet=True)
            if isinstance(item, Interface) and item.package is not self.context.package:
                stability = stability_of(mention.attributes, self.context.report)
                for used in mention.names:
                    self.foreign.type(item, used.name, stability)

    def _sort(self) -> None:
        by_item = {d.item: name for name, d in self.declared.items()}
        edges: dict[str, list[Edge[str]]] = {name: [] for name in self.declared}
        for mention in self.unit.mentions:
            if mention.owner is None or mention.path.package is not None or mention.owner not in edges:
                continue
            name = mention.path.name
            target = self.files[mention.file].get(name.name)
            if name.name not in self.files[mention.file] and name.name in self.declared:
                target = self.declared[name.name].item
            if target in by_item:
                edges[mention.owner].append(Edge(by_item[target], name.span, self._place(mention, name)))
        result = toposort(edges)
        self.order = [self.declared[name] for name in [*result.order, *result.cyclic]]
        self.context.draft.cyclic.update(self.declared[name].item for name in result.cyclic)
        for path in find_cycles(edges, result.cyclic):
            self._report_cycle(path)

    def _place(self, mention: PathMention, name: nodes.Id) -> Span:
        """The place to report a cycle through this mention: the name's definition in the same file, or the mention."""
        declared = self.declared.get(name.name)
        if declared is not None and declared.file == mention.file:
            return declared.node.name.span
        return self.top_uses.get((mention.file, name.name), name.span)

    def _report_cycle(self, path: list[Edge[str]]) -> None:
        self.context.report.error(
            ITEM_CYCLE,
            f"interface or world `{path[0].target}` depends on itself",
            path[0].place,
            related=[Related(edge.span, f"`{edge.target}` is needed here") for edge in path],
            help="move what both sides need into an interface of its own",
        )

    def _not_found(self, name: nodes.Id, more: Iterable[str]) -> None:
        if self.unit.may_define(name.name):
            return
        known = chain(self.declared, more)
        self.context.report.error(
            UNKNOWN_ITEM,
            f"interface or world `{name.name}` does not exist",
            name.span,
            help=self.context.report.did_you_mean(name.name, known)
            or f"define `{name.name}` in this package, or name its package: `namespace:package/{name.name}`",
        )

    def _wrong_kind(self, path: nodes.Path, item: Item, what: str, help: str) -> None:
        self.context.report.error(
            WRONG_KIND,
            f"`{path.name.name}` is {what}",
            path.name.span,
            related=[Related(item.span, "defined here")] if item.span else (),
            help=help,
        )
