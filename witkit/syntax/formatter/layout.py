"""Laying a file out: blocks and their members, one a line; what does not fit on one is left to `statement`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from witkit.syntax import nodes
from witkit.syntax.formatter import directives
from witkit.syntax.formatter.flat import flat
from witkit.syntax.formatter.options import FormatOptions
from witkit.syntax.formatter.page import Page
from witkit.syntax.formatter.statement import StatementWriter
from witkit.syntax.nodes import Leaf, Node
from witkit.syntax.walk import Placed, placed

_LISTS: Final = {nodes.Record: "fields", nodes.Variant: "cases", nodes.Enum: "cases", nodes.Flags: "flags"}
"""Blocks whose members end with commas."""
_BODIES: Final = {
    nodes.Interface: "items",
    nodes.World: "items",
    nodes.NestedPackage: "items",
    nodes.Resource: "functions",
}
"""Blocks whose members end by themselves."""


class FileLayout:
    """Writes one file that has no errors."""

    def __init__(self, file: nodes.File, options: FormatOptions) -> None:
        self._text = file.source.text
        self._file = file
        self._page = Page(file.source, file.comments)
        self._step = " " * options.indent_width
        self._width = options.line_width
        self._statement = StatementWriter(self._page, self._step, self._width)
        self._off = directives.Directives(file)

    def write(self) -> str:
        """The whole text."""
        header = [self._file.package] if self._file.package is not None else []
        self._members([*header, *self._file.items], 0, len(self._text), "", "")
        return self._page.written()

    @property
    def idle_directives(self) -> list[nodes.Comment]:
        """The directives that have had no effect on what was written."""
        return list(self._off.idle.values())

    # ---- blocks ---------------------------------------------------------------------------------

    def _block(self, members: Sequence[Node], at: int, end: int, indent: str, comma: str) -> None:
        """`{`, the members one a line, `}`; `at` is the place of the one bracket, `end` that after the other."""
        self._page.line += " {" if self._page.line.strip() else "{"
        if not members and not self._page.has_comment_before(end):
            self._page.line += "}"
            return
        self._members(members, at + 1, end - 1, indent + self._step, comma, closing=indent)
        self._page.line += "}"

    def _members(
        self, members: Sequence[Node], at: int, end: int, indent: str, comma: str, closing: str | None = None
    ) -> None:
        opens = True
        for member in members:
            start = member.span.start
            if at <= start and (stretch := self._off.within(at, start, members, end)) is not None:
                at, opens = self._leave(stretch, at, indent, opens), False
            if start < at:
                continue  # it is part of what is left as it is
            self._page.gap(at, start, indent, opens=opens)
            at, opens = self._member(member, indent, comma, end if member is members[-1] else None), False
        if (stretch := self._off.within(at, end, members, end)) is not None:
            at, opens = self._leave(stretch, at, indent, opens), False
        self._page.closing_gap(at, end, indent, closing or "", opens=opens)

    def _leave(self, stretch: tuple[int, int], at: int, indent: str, opens: bool) -> int:
        """Write a stretch between two directives as it is; the place after it."""
        start, end = stretch
        self._page.gap(at, start, indent, opens=opens)
        self._page.line += self._text[start:end].rstrip()
        self._page.skip_to(end)
        return end

    # ---- members --------------------------------------------------------------------------------

    def _member(self, node: Any, indent: str, comma: str, closing: int | None) -> int:
        """Write a member with its attributes and what ends it; the place after that.

        `closing` is the place of the bracket after the last member.
        """
        start = self._attributes(node, indent) if node.attributes else node.span.start
        end: int = node.span.end
        kind = node.__class__
        if kind in _LISTS:
            self._with_block(node, start, getattr(node, _LISTS[kind]), indent, ",")
        elif kind in _BODIES and self._text[end - 1] == "}":
            self._with_block(node, start, getattr(node, _BODIES[kind]), indent, "")
        elif kind is nodes.Extern and isinstance(node.kind, nodes.InlineInterface):
            self._with_block(node, start, node.kind.items, indent, "")
        elif kind is nodes.PackageHeader:
            self._one(node, start, end, indent, 1)
            return self._separator(end, ";", indent)
        else:
            self._one(node, start, end, indent, len(comma))
            return self._separator(end, ",", indent, closing) if comma else end
        return end

    def _attributes(self, node: nodes.Item, indent: str) -> int:
        """Each attribute on a line of its own; the place after them."""
        start = node.span.start
        for number, attribute in enumerate(node.attributes, 1):
            self._one(attribute, start, attribute.span.end, indent, 0)
            start = self._page.next_token(attribute.span.end)
            is_name = number < len(node.attributes) or isinstance(node, nodes.Function)
            self._page.gap(attribute.span.end, start, indent, blanks=False, shares=is_name)
        return start

    def _one(self, node: Node, start: int, end: int, indent: str, more: int) -> None:
        """A statement on one line if it fits there with `more` characters after it, or else on several."""
        page = self._page
        if not page.has_comment_before(end):
            text = flat(node)
            if page.column + len(text) + more <= self._width:
                page.line += text
                return
        self._statement.write(_after_attributes(node, start, end), node, indent, more)
        page.skip_to(end)

    def _separator(self, at: int, mark: str, indent: str, closing: int | None = None) -> int:
        """The mark after a member, which the last one need not have; the place after it."""
        if self._text.startswith(mark, at):
            self._page.line += mark
            return at + 1
        found = self._page.next_token(at)
        if closing is not None:
            is_there = self._text.startswith(mark, found)
            after = self._page.after_last(at, found if is_there else None, closing)
            if after is not None:
                self._page.line += mark
                return after
        self._page.inline_gap(at, found, indent + self._step)
        self._page.line += mark
        return found + 1

    def _with_block(self, node: Any, start: int, members: Sequence[Node], indent: str, comma: str) -> None:
        end = node.span.end
        name = node.header if isinstance(node, nodes.NestedPackage) else node.name
        opening = self._text.find("{", name.span.end)
        if not self._page.has_comment_before(opening):
            self._page.line += flat(node)
        else:
            opening = self._commented_head(node, start, indent)
        self._block(members, opening, end, indent, comma)

    def _commented_head(self, node: Node, start: int, indent: str) -> int:
        """What is before the `{` of a block, with comments between; the place of the `{`."""
        head: list[Placed] = []
        for each in _after_attributes(node, start, node.span.end):
            if isinstance(each[0], Leaf) and each[0].text == "{":
                self._statement.write(head, node, indent, len(" {"))
                self._page.inline_gap(head[-1][2], each[1], indent + self._step)
                return each[1]
            if not isinstance(each[0], nodes.Comment):
                head.append(each)
        raise AssertionError("a block has a brace")


def _after_attributes(node: Node, start: int, end: int) -> list[Placed]:
    """The elements of a node from `start` on, which is after its attributes; up to its block.

    Those of an inline interface and of a package's header, which have a part of the block's line, are among them.
    """
    found: list[Placed] = []
    for element, first, last in placed(node, node.span.start, end):
        is_part = isinstance(element, nodes.InlineInterface | nodes.PackageHeader)
        found += placed(element, first, last) if is_part else [(element, first, last)]  # type: ignore[arg-type]
    return [each for each in found if each[1] >= start]
