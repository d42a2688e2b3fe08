"""One interface of 2022 as the text of a file of today's WIT: only what has to be said differently changes.

Comments stay where they are, as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax import nodes
from witkit.syntax.keywords import identifier
from witkit.syntax.nodes import Comment, FunctionKind, Leaf, Node
from witkit.syntax.walk import Placed, leaves, placed
from witkit.upgrade.decisions import Decisions
from witkit.upgrade.documentation import FileComments
from witkit.upgrade.legacy import Legacy
from witkit.upgrade.types import Role, TodaysTypes, is_nothing, spelt


class Rewriting:
    """Rewrites one file; `diagnostics` then has what had to be decided or could not be said."""

    def __init__(self, legacy: Legacy, files: dict[str, Legacy]) -> None:
        self._legacy = legacy
        self._files = files
        self._types = TodaysTypes(legacy)
        self._docs = FileComments(legacy)
        self._text = legacy.file.source.text
        self._uses = iter(legacy.uses)
        self.diagnostics = self._types.diagnostics
        self._decisions = Decisions(legacy, self.diagnostics)

    def rewrite(self, package: str) -> str:
        """The whole file, with the package's header, not laid out yet."""
        head = self._docs.head
        start = head[-1].span.end if head else 0
        interface = self._legacy.file.items[0]
        body = "".join(self._between(placed(interface, start, len(self._text)), interface, start))
        docs = "".join(f"{self._docs.text(comment)}\n" for comment in head)
        return f"package {package};\n\n{docs}interface {identifier(self._legacy.name)} {{\n{body}\n}}\n"

    def _between(self, elements: Iterator[Placed], node: Node, at: int) -> Iterator[str]:
        """The elements of a node in today's words, with the blanks between them."""
        for element, start, end in elements:
            yield self._text[at:start]
            if isinstance(element, Comment):
                yield self._docs.text(element)
            elif isinstance(element, Leaf):
                yield self._leaf(element.text, node)
            else:
                yield from self._node(element, node, start, end)
            at = end

    def _leaf(self, text: str, node: Node) -> str:
        match node, text:
            case nodes.Signature(), "function":
                return "func"
            case nodes.Signature(result=result), "->":
                return "" if is_nothing(result) else text
            case nodes.Function(kind=FunctionKind.STATIC), "static":
                return ""
            case nodes.Function(kind=FunctionKind.STATIC), ":":
                return ": static"
            case nodes.Variant(), "union":
                return "variant"
            case nodes.Resource(), "implements" | ",":
                return ""
            case nodes.Case(payload=payload), "(" | ")":
                return "" if is_nothing(payload) else text
        return text

    def _node(self, node: Node, above: Node, start: int, end: int) -> Iterator[str]:
        match node:
            case nodes.Use():
                yield from self._inner_comments(node)
                yield self._use()
            case nodes.Id():
                yield self._name(node, above)
            case nodes.Primitive() | nodes.Named() | nodes.Generic() | nodes.Handle():
                yield self._type(node, above)
                yield from self._inner_comments(node)
            case nodes.Case(payload=payload) if payload is not None and node.span.start == payload.span.start:
                yield self._case_of_union(node, payload)
                yield from self._inner_comments(node)
            case _:
                self._decisions.about(node)
                yield from self._between(placed(node, start, end), node, start)
                yield _end_of(node)

    def _inner_comments(self, node: Node) -> Iterator[str]:
        """The comments inside a node that is written in one piece."""
        for leaf in leaves(node):
            if isinstance(leaf, Comment):
                yield f" {leaf.text} " if leaf.is_block else f" {leaf.text}\n"

    def _use(self) -> str:
        file, pairs = next(self._uses, ("", []))  # of a file that does not exist there is nothing
        names = ", ".join(self._used(file, remote, local) for remote, local in pairs)
        return f"use {identifier(file)}.{{{names}}};" if names else ""

    def _used(self, file: str, remote: str, local: str) -> str:
        remote = self._files[file].renames.get(remote, remote)
        new = self._legacy.renames.get(local, local)
        self._decisions.about_name(local, new)
        return identifier(remote) if remote == new else f"{identifier(remote)} as {identifier(new)}"

    def _name(self, name: nodes.Id, above: Node) -> str:
        is_base = isinstance(above, nodes.Resource) and name is above.implements
        if is_base or isinstance(above, nodes.Interface):
            return ""
        if not isinstance(above, nodes.TypeDefinition):
            return identifier(name.name)
        new = self._legacy.renames.get(name.name, name.name)
        self._decisions.about_name(name.name, new)
        return identifier(new)

    def _type(self, of: nodes.Type, above: Node) -> str:
        match above:
            case nodes.Parameter():
                return spelt(self._types.today(of, Role.PARAMETER))
            case nodes.Signature():
                return "" if is_nothing(of) else spelt(self._types.today(of, Role.RESULT))
            case nodes.Case():
                return "" if is_nothing(of) else spelt(self._types.today(of, Role.DEFINITION))
        return spelt(self._types.today(of, Role.DEFINITION))

    def _case_of_union(self, case: nodes.Case, payload: nodes.Type) -> str:
        of = self._type(payload, case)
        return f"{case.name.name}({of})" if of else case.name.name


def _end_of(node: Node) -> str:
    """What items end with today, and did not in 2022."""
    is_opaque = isinstance(node, nodes.Resource) and not node.span.text.endswith("}")
    return ";" if is_opaque or isinstance(node, nodes.Function | nodes.Alias) else ""
