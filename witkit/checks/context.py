"""What a rule can ask for while one of its items is visited."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from witkit.checks.rule import Option, Rule
from witkit.checks.settings import Settings
from witkit.ir import Loaded, model
from witkit.ir.places import Element, name_span
from witkit.syntax import nodes

T = TypeVar("T")
N = TypeVar("N")


@dataclass(slots=True, eq=False)
class Context:
    """Where the walk is. `file` is the tree that is walked, `parents` the nodes around the item, the nearest last.

    `known` is shared by all files of a package.
    """

    loaded: Loaded
    settings: Settings
    file: nodes.File
    known: dict[Hashable, object]
    parents: list[nodes.Node] = field(default_factory=list)
    rule: Rule | None = None
    _above: dict[int, str] = field(default_factory=dict)
    """What the paths of items in a node begin with, by the node's id."""

    @property
    def options(self) -> Mapping[str, Option]:
        """The options of the rule that runs: as set, else their defaults."""
        assert self.rule is not None
        set_here = self.settings.options.get(self.rule.name)
        return {**self.rule.options, **set_here} if set_here else self.rule.options

    @property
    def parent(self) -> nodes.Node | None:
        """The node around the item."""
        return self.parents[-1] if self.parents else None

    def enclosing(self, *kinds: type[N]) -> N | None:
        """The nearest node around the item that is of one of these kinds."""
        return next((node for node in reversed(self.parents) if isinstance(node, kinds)), None)

    @property
    def resolve(self) -> model.Resolve:
        """Everything that was resolved, dependencies included."""
        assert self.loaded.resolve is not None
        return self.loaded.resolve

    @property
    def package(self) -> model.Package:
        """The package that the item belongs to: of the folder, or a nested one."""
        # A nested package is directly in a file.
        if len(self.parents) > 1 and isinstance(nested := self.parents[1], nodes.NestedPackage):
            found = self.element(nested.header)
            if isinstance(found, model.Package):
                return found
        return self.resolve.main[0]

    def element(self, node: object) -> Element | None:
        """What an item became: its interface, world, type, function, parameter, field, case, import or export.

        None for other nodes, and for an item whose feature is off.
        """
        return self.loaded.element(node)

    def node(self, element: Element) -> nodes.Item | None:
        """The item that an element was made from; None for an element of a dependency."""
        return self.loaded.node(element)

    def type_of(self, name: nodes.Id) -> model.TypeDef | None:
        """The type that a name means where the item is."""
        is_inline = isinstance(getattr(extern := self.enclosing(nodes.Extern), "kind", None), nodes.InlineInterface)
        scope = self.element(extern if is_inline else self.enclosing(nodes.Interface, nodes.World))
        if isinstance(scope, model.WorldInterface):
            scope = scope.interface
        if isinstance(scope, model.Interface):
            return scope.types.get(name.name)
        found = scope.imports.get(name.name) if isinstance(scope, model.World) else None
        return found if isinstance(found, model.TypeDef) else None

    def once(self, function: Callable[..., T], *arguments: Hashable) -> T:
        """`function(*arguments)`, computed once for the whole check: what a rule has to know before its first item."""
        key = (function, *arguments)
        if key not in self.known:
            self.known[key] = function(*arguments)
        return self.known[key]  # type: ignore[return-value]

    def path(self, item: object) -> str:
        """The path of an item, without versions: `ns:pkg/store.bucket.get`."""
        name, above = _name_in_path(item), self._path_above()
        return above + name if name else above[:-1]

    def _path_above(self) -> str:
        """What the path of an item begins with here: it ends with a slash or a dot."""
        parent = id(self.parent)
        if (found := self._above.get(parent)) is None:
            package = self.package.name
            names = [f"{name}." for name in map(_name_in_path, self.parents) if name]
            found = self._above[parent] = f"{package.namespace}:{package.name}/{''.join(names)}"
        return found


_UNNAMED = (nodes.Path, nodes.PackageHeader, nodes.NestedPackage)


def _name_in_path(node: object) -> str:
    if not isinstance(node, nodes.Item) or isinstance(node, _UNNAMED):
        return ""
    span = name_span(node)
    return "" if span is None else span.text.removeprefix("%")
