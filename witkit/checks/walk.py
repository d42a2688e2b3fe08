"""One walk over a tree for all rules: each node is visited once, by the rules that want its class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from operator import attrgetter
from typing import Any, TypeAlias

from witkit.checks.comments import Commented
from witkit.checks.context import Context
from witkit.checks.found import fields, path_of
from witkit.checks.gates import Attributed
from witkit.checks.prose import Documentation, documentation
from witkit.checks.rule import Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES
from witkit.ir import model
from witkit.syntax import nodes
from witkit.syntax.walk import CHILDREN, children
from witkit.text import Diagnostic
from witkit.text.values import entity

later = Diagnostic.later

_OF_NAMES = frozenset({nodes.Id, nodes.Version, nodes.PackageName, nodes.Argument})
_OF_TYPES = frozenset({nodes.Primitive, nodes.Named, nodes.Handle})
"""Most nodes of a tree are of these classes. Only names are in them: they are skipped unless a rule wants one."""
_HOLDING_NAMES = frozenset(
    {"name", "alias", "namespace", "version", "key", "value", "id", "resource", "implements"},
)
"""The parts of nodes that are names, and nothing else."""
_NO_NODES: frozenset[type] = frozenset({type(None), str})
_Parts: TypeAlias = Callable[[Any], Iterable[Any]]
_Plan: TypeAlias = tuple[tuple[Rule, ...], bool, bool, _Parts | None]
"""What to do with nodes of one class: the rules that want them, whether they are items, whether they may be elements
that rules want, and what gives the parts in which there may be nodes to visit."""


@entity(slots=True, eq=False)
class Walk:
    """The walk of some rules over the file of a context. `found` are their findings, in the order of the walk."""

    rules: Sequence[Rule]
    context: Context
    found: list[Diagnostic] = field(default_factory=list)
    _wanting: dict[type, tuple[Rule, ...]] = field(default_factory=dict)
    _plans: dict[type, _Plan] = field(default_factory=dict)
    _skipped: frozenset[type] = _NO_NODES

    def run(self) -> list[Diagnostic]:
        """What the rules find in the file."""
        rules = [rule for rule in self.rules if rule.applies is None or self._applies(rule, rule.applies)]
        self._wanting = self.context.once(_wanting, tuple(rules))
        of_elements = {kind for element, kinds in BECOMES.items() if self._wanting[element] for kind in kinds}
        wants_names = any(self._wanting[kind] for kind in _OF_NAMES)
        for kind, below in CHILDREN.items():
            # A path with a version has its parts in another order: only `children` knows.
            parts = _all if wants_names else _getter([name for name in below if name not in _HOLDING_NAMES])
            plan = (self._wanting[kind], issubclass(kind, nodes.Item), kind in of_elements, parts)
            self._plans[kind] = plan
        if not wants_names:
            self._skipped |= {kind for kind in _OF_NAMES | _OF_TYPES if not self._wanting[kind]}
        self._visit(self.context.file)
        if self._wanting[nodes.Comment]:
            for comment in self.context.file.comments:
                self._show(self._wanting[nodes.Comment], comment, comment)
        return self.found

    def shown(self, item: object) -> list[Diagnostic]:
        """What the rules find in something that is not in the tree."""
        self.found = []
        self._show(_rules_for(type(item), self.rules), item, item)
        return self.found

    def _visit(self, node: nodes.Node) -> None:
        # This runs for most nodes of a package: it looks up what it can, and makes no call without need.
        rules, is_item, may_be_element, parts = self._plans[node.__class__]
        if rules:
            self._show(rules, node, node)
        if is_item:
            if node.comments:  # type: ignore[union-attr]
                self._show_comments(node)  # type: ignore[arg-type]
            if node.attributes:  # type: ignore[union-attr]
                self._show(self._wanting[Attributed], Attributed(node), node)  # type: ignore[arg-type]
        if may_be_element and (element := self.context.element(node)) is not None:
            self._show(self._wanting[type(element)], element, node)
        if parts is None:
            return
        skipped, parents = self._skipped, self.context.parents
        parents.append(node)
        for part in parts(node):
            if part.__class__ is list:
                for child in part:
                    if child.__class__ not in skipped:
                        self._visit(child)
            elif part.__class__ not in skipped:
                self._visit(part)
        parents.pop()

    def _applies(self, rule: Rule, applies: Callable[[Context], bool]) -> bool:
        self.context.rule = rule
        try:
            return applies(self.context)
        except Exception as defect:
            raise RuntimeError(f"rule {rule.name}: {type(defect).__name__}: {defect}") from defect

    def _show_comments(self, item: nodes.Item) -> None:
        self._show(self._wanting[Commented], Commented(item), item)
        if (rules := self._wanting[Documentation]) and (text := self.context.once(documentation, item)) is not None:
            self._show(rules, text, item)

    def _show(self, rules: Sequence[Rule], item: object, node: object) -> None:
        # This runs some ten thousand times for a thousand lines: there is nothing in the loop that only findings need.
        context, above = self.context, ""
        try:
            for rule in rules:
                context.rule = rule
                for finding in rule.check(item, context):
                    above = above or context.above()
                    self.found.append(later(finding.span, fields, rule, finding, above, node))
        except Exception as defect:
            # Whoever reads this can go on with `--ignore`.
            assert context.rule is not None
            what = f"rule {context.rule.name}, {path_of(node, context.above())}: {type(defect).__name__}: {defect}"
            raise RuntimeError(what) from defect


def _wanting(rules: Sequence[Rule]) -> dict[type, tuple[Rule, ...]]:
    return {kind: _rules_for(kind, rules) for kind in (*CHILDREN, *_OTHERS, *BECOMES)}


def _all(node: nodes.Node) -> Iterable[Any]:
    return (children(node),)


def _getter(names: Sequence[str]) -> _Parts | None:
    """What gives the parts of a node with these names, with one call for all of them."""
    # A single name would give the part itself, so there is always one more, with a text, which is nothing to visit.
    return attrgetter(*names, "__doc__") if names else None


def _rules_for(kind: type, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if issubclass(kind, rule.on))


_OTHERS = (nodes.Comment, Commented, Documentation, Attributed)
BECOMES: dict[type, tuple[type, ...]] = {
    # A nested package has its element at its header.
    model.Package: (nodes.PackageHeader,),
    model.Interface: (nodes.Interface,),
    model.World: (nodes.World,),
    model.WorldInterface: (nodes.Extern,),
    model.TypeDef: (*CLASSES_OF_TYPES, nodes.UsedName),
    model.Function: (nodes.Function, nodes.Extern),
    model.Param: (nodes.Parameter,),
    model.Field: (nodes.Field,),
    model.Case: (nodes.Case,),
}
"""The nodes that become elements of each class."""
