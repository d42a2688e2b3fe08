"""One walk over a tree for all rules: each node is visited once, by the rules that want its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from witkit.checks.comments import Commented
from witkit.checks.context import Context
from witkit.checks.gates import Attributed
from witkit.checks.prose import Documentation, documentation
from witkit.checks.rule import Rule
from witkit.checks.undocumented import CLASSES_OF_TYPES
from witkit.ir import model
from witkit.syntax import nodes
from witkit.syntax.walk import CHILDREN, children
from witkit.text import Diagnostic

_OF_NAMES = frozenset({nodes.Id, nodes.Version, nodes.PackageName, nodes.Argument})
_OF_TYPES = frozenset({nodes.Primitive, nodes.Named, nodes.Handle})
"""Most nodes of a tree are of these classes. Only names are in them: they are skipped unless a rule wants one."""
_NOTHING_BELOW = frozenset({nodes.Id, nodes.Version, nodes.Primitive})


@dataclass(slots=True, eq=False)
class Walk:
    """The walk of some rules over the file of a context. `found` are their findings, in the order of the walk."""

    rules: Sequence[Rule]
    context: Context
    found: list[Diagnostic] = field(default_factory=list)
    _wanting: dict[type, tuple[Rule, ...]] = field(default_factory=dict)
    _skipped: frozenset[type] = frozenset()
    _closed: frozenset[type] = _NOTHING_BELOW
    """Classes of nodes below which there is nothing to visit."""
    _of_elements: frozenset[type] = frozenset()

    def run(self) -> list[Diagnostic]:
        """What the rules find in the file."""
        self._wanting = {kind: self._rules_for(kind) for kind in (*CHILDREN, *_OTHERS, *BECOMES)}
        self._of_elements = frozenset(
            kind for element, kinds in BECOMES.items() if self._wanting[element] for kind in kinds
        )
        if not any(self._wanting[kind] for kind in _OF_NAMES):
            self._skipped = frozenset(kind for kind in _OF_NAMES | _OF_TYPES if not self._wanting[kind])
            self._closed = _NOTHING_BELOW | _OF_NAMES | _OF_TYPES
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
        kind = type(node)
        if rules := self._wanting[kind]:
            self._show(rules, node, node)
        if kind in self._closed:
            return
        if isinstance(node, nodes.Item):
            if node.comments:
                self._show_comments(node)
            if node.attributes:
                self._show(self._wanting[Attributed], Attributed(node), node)
        if kind in self._of_elements and (element := self.context.element(node)) is not None:
            self._show(self._wanting[type(element)], element, node)
        parents = self.context.parents
        parents.append(node)
        for child in children(node):
            if type(child) not in self._skipped:
                self._visit(child)
        parents.pop()

    def _show_comments(self, item: nodes.Item) -> None:
        self._show(self._wanting[Commented], Commented(item), item)
        if (rules := self._wanting[Documentation]) and (text := documentation(item)) is not None:
            self._show(rules, text, item)

    def _show(self, rules: Sequence[Rule], item: object, node: object) -> None:
        # This runs some ten thousand times for a thousand lines: there is nothing in the loop that only findings need.
        context, found, path = self.context, self.found, ""
        try:
            for rule in rules:
                context.rule = rule
                for finding in rule.check(item, context):
                    path = path or context.path(node)
                    found.append(rule.diagnostic(finding, path))
        except Exception as defect:
            # Whoever reads this can go on with `--ignore`.
            assert context.rule is not None
            what = f"rule {context.rule.name}, {context.path(node)}: {type(defect).__name__}: {defect}"
            raise RuntimeError(what) from defect

    def _rules_for(self, kind: type) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if issubclass(kind, rule.on))


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
