"""One walk over a tree for all rules: each node is visited once, by the rules that want its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from witkit.checks.context import Context
from witkit.checks.prose import Documentation, documentation
from witkit.checks.rule import Rule
from witkit.ir import model
from witkit.syntax import nodes
from witkit.syntax.walk import CHILDREN, children
from witkit.text import Diagnostic

_OF_TYPES = frozenset({nodes.Primitive, nodes.Named, nodes.Generic, nodes.Handle})
_OF_NAMES = frozenset({nodes.Id, nodes.Version, nodes.PackageName, nodes.Argument})
"""Most nodes of a tree are of these classes. Nothing else is in them: they are skipped unless a rule wants one."""


@dataclass(slots=True, eq=False)
class Walk:
    """The walk of some rules over the file of a context. `found` are their findings, in the order of the walk."""

    rules: Sequence[Rule]
    context: Context
    found: list[Diagnostic] = field(default_factory=list)
    _wanting: dict[type, tuple[Rule, ...]] = field(default_factory=dict)
    _skipped: frozenset[type] = frozenset()
    _wants_elements: bool = False

    def run(self) -> list[Diagnostic]:
        """What the rules find in the file."""
        self._wanting = {kind: self._rules_for(kind) for kind in (*CHILDREN, nodes.Comment, Documentation, *_ELEMENTS)}
        self._wants_elements = any(self._wanting[kind] for kind in _ELEMENTS)
        wants_names = any(self._wanting[kind] for kind in _OF_NAMES)
        wants_types = wants_names or any(self._wanting[kind] for kind in _OF_TYPES)
        self._skipped = (frozenset() if wants_names else _OF_NAMES) | (frozenset() if wants_types else _OF_TYPES)
        self._visit(self.context.file)
        if self._wanting[nodes.Comment]:
            for comment in self.context.file.comments:
                self._show(self._wanting[nodes.Comment], comment, comment)
        return self.found

    def shown(self, item: object) -> list[Diagnostic]:
        """What the rules find in something that is not in the tree."""
        self.found = []
        self._show(self._rules_for(type(item)), item, item)
        return self.found

    def _visit(self, node: nodes.Node) -> None:
        if rules := self._wanting[type(node)]:
            self._show(rules, node, node)
        if isinstance(node, nodes.Item) and node.comments and (rules := self._wanting[Documentation]):
            text = documentation(node)
            if text is not None:
                self._show(rules, text, node)
        # A nested package has its element at its header.
        if self._wants_elements and isinstance(node, nodes.Item) and not isinstance(node, nodes.NestedPackage):
            element = self.context.element(node)
            if element is not None:
                self._show(self._wanting[type(element)], element, node)
        parents = self.context.parents
        parents.append(node)
        for child in children(node):
            if type(child) not in self._skipped:
                self._visit(child)
        parents.pop()

    def _show(self, rules: Sequence[Rule], item: object, node: object) -> None:
        for rule in rules:
            self.context.rule = rule
            try:
                findings = list(rule.check(item, self.context))
            except Exception as defect:
                # Whoever reads this can go on with `--ignore`.
                what = f"rule {rule.name}, {self.context.path(node)}: {type(defect).__name__}: {defect}"
                raise RuntimeError(what) from defect
            self.found += [rule.diagnostic(finding, self.context.path(node)) for finding in findings]

    def _rules_for(self, kind: type) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if issubclass(kind, rule.on))


_ELEMENTS = frozenset(
    {
        model.Package,
        model.Interface,
        model.World,
        model.WorldInterface,
        model.TypeDef,
        model.Function,
        model.Param,
        model.Field,
        model.Case,
    }
)
