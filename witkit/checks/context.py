"""What a rule can ask for while one of its items is visited."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from typing import Any, Final, TypeVar

from witkit.checks.found import name_in_path
from witkit.checks.rule import Option, Rule
from witkit.checks.settings import Settings
from witkit.ir import Loaded, model
from witkit.ir.places import Element
from witkit.syntax import nodes
from witkit.text.values import entity

T = TypeVar("T")
N = TypeVar("N")


@entity(slots=True, eq=False)
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
    _types: dict[int, Mapping[Any, object]] = field(default_factory=dict)
    """What names of types may mean in an interface or world, by its node's id."""

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
        if len(self.parents) > 1 and (nested := self.parents[1]).__class__ is nodes.NestedPackage:
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
        for node in reversed(self.parents):
            if node.__class__ in _SCOPES and (node.__class__ is not nodes.Extern or _is_inline(node)):
                if (known := self._types.get(id(node))) is None:
                    known = self._types[id(node)] = _types_in(self.element(node))
                found = known.get(name.name)
                return found if isinstance(found, model.TypeDef) else None
        return None

    def once(self, function: Callable[..., T], *arguments: Hashable) -> T:
        """`function(*arguments)`, computed once for the whole check: what a rule has to know before its first item."""
        key = (function, *arguments)
        if (found := self.known.get(key, _NOT_YET)) is _NOT_YET:
            found = self.known[key] = function(*arguments)
        return found  # type: ignore[return-value]

    def of_package(self, function: Callable[[Context], T]) -> T:
        """`function(self)`, computed once for all files: it may ask only for what they have in common."""
        if (found := self.known.get(function, _NOT_YET)) is _NOT_YET:
            found = self.known[function] = function(self)
        return found  # type: ignore[return-value]

    def above(self) -> str:
        """What the path of an item begins with where the walk is, with a slash or a dot at its end."""
        return self._above.get(id(self.parents[-1]) if self.parents else 0) or self._above_in(len(self.parents))

    def _above_in(self, number: int) -> str:
        """The same in that many of the nodes around the item."""
        key = id(self.parents[number - 1]) if number else 0
        if (found := self._above.get(key)) is None:
            found = self._above[key] = self._new_above(number)
        return found

    def _new_above(self, number: int) -> str:
        node = self.parents[number - 1] if number else None
        if number > 1 and not isinstance(node, nodes.NestedPackage):
            name = name_in_path(node)
            return self._above_in(number - 1) + (f"{name}." if name else "")
        package = self.package if number > 1 else self.resolve.main[0]
        return f"{package.name.namespace}:{package.name.name}/"


_NOT_YET: Final = object()
_SCOPES: Final = frozenset({nodes.Interface, nodes.World, nodes.Extern})


def _is_inline(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Extern) and isinstance(node.kind, nodes.InlineInterface)


def _types_in(scope: Element | None) -> Mapping[Any, object]:
    if isinstance(scope, model.WorldInterface):
        scope = scope.interface
    if isinstance(scope, model.Interface):
        return scope.types
    return scope.imports if isinstance(scope, model.World) else {}
