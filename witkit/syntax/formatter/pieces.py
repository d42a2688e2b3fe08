"""A statement in pieces, in the order of the text: words, and lists in brackets. Comments are not among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from witkit.syntax import nodes
from witkit.syntax.nodes import Comment, Leaf
from witkit.syntax.walk import Placed, leaves, placed

NO_BLANK_BEFORE: Final = frozenset(",;:)>.(<")
_NO_BLANK_AFTER: Final = frozenset("(<.@")
_CLOSING: Final = {"(": ")", "<": ">", "{": "}"}
_WITH_COMMA: Final = (nodes.Signature, nodes.Use, nodes.Include)
"""Whose lists end with a comma if they have one element per line: the others are lists of types and arguments."""


@dataclass(slots=True)
class Word:
    """A token and its place. `blank` says whether there is one before it on its line, `own` whether it belongs to the
    node that has the list around it, and not to a node inside the list."""

    text: str
    start: int
    end: int
    blank: bool
    own: bool = False

    @property
    def first(self) -> Word:
        return self


@dataclass(slots=True)
class BracketedList:
    """A list in brackets: its elements, each with the comma after it.

    The last one has none: `comma` says whether it gets one if it is on a line of its own, and `left_out` is that which
    it has in the text.
    """

    node: nodes.Node
    first: Word
    comma: bool
    last: Word
    left_out: Word | None = None
    elements: list[tuple[list[Piece], Word | None]] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.last.end


Piece: TypeAlias = Word | BracketedList


def pieces(elements: Iterable[Placed], node: nodes.Node) -> list[Piece]:
    """The pieces of some elements of a node."""
    cutter = _Cutter()
    cutter.add(elements, node)
    return cutter.gathered[0]


def flat_text(found: Iterable[Piece]) -> str:
    """Pieces on one line."""
    return "".join(f" {text}" if blank else text for text, blank in _flat(found))


def _flat(found: Iterable[Piece]) -> Iterable[tuple[str, bool]]:
    for piece in found:
        yield piece.first.text, piece.first.blank
        if isinstance(piece, BracketedList):
            for element, comma in piece.elements:
                yield from _flat(element)
                if comma is not None:
                    yield comma.text, False
            yield piece.last.text, piece.last.blank and bool(piece.elements)


class _Cutter:
    """Gathers pieces while it walks over a node: those of the statement, and of each list that is open."""

    def __init__(self) -> None:
        self.gathered: list[list[Piece]] = [[]]
        self._open: list[BracketedList] = []
        self._before = ""

    def add(self, elements: Iterable[Placed], node: nodes.Node) -> None:
        for element, start, end in elements:
            if isinstance(element, Leaf):
                self._token(element, node)
            elif isinstance(element, nodes.Path | nodes.PackageName):
                self._path(element)
            elif not isinstance(element, Comment):
                self.add(placed(element, start, end), element)

    def _path(self, path: nodes.Path | nodes.PackageName) -> None:
        """A path has no blanks."""
        blank = self._has_blank("", False)
        for leaf in leaves(path):
            if isinstance(leaf, Leaf):
                self._push(leaf, path, blank)
                blank = False

    def _token(self, leaf: Leaf, node: nodes.Node) -> None:
        text, padded = leaf.text, isinstance(node, nodes.Include)
        blank = self._has_blank(text, padded)
        if text in _CLOSING:
            first = Word(text, leaf.span.start, leaf.span.end, blank)
            row = BracketedList(node, first, isinstance(node, _WITH_COMMA), first)
            self.gathered[-1].append(row)
            self.gathered.append([])
            self._open.append(row)
            self._before = text
        elif self._open and text == _CLOSING[self._open[-1].first.text]:
            self._close(Word(text, leaf.span.start, leaf.span.end, padded))
        elif self._open and text == ",":
            self._open[-1].elements.append((self.gathered[-1], Word(text, leaf.span.start, leaf.span.end, False)))
            self.gathered[-1] = []
            self._before = text
        else:
            self._push(leaf, node, blank)

    def _push(self, leaf: Leaf, node: nodes.Node, blank: bool) -> None:
        own = bool(self._open) and self._open[-1].node is node
        self.gathered[-1].append(Word(leaf.text, leaf.span.start, leaf.span.end, blank, own))
        self._before = leaf.text

    def _close(self, closing: Word) -> None:
        row, last = self._open.pop(), self.gathered.pop()
        if last:
            row.elements.append((last, None))
        elif row.elements:
            element, row.left_out = row.elements[-1]
            row.elements[-1] = (element, None)
        row.last = closing
        self._before = closing.text

    def _has_blank(self, text: str, padded: bool) -> bool:
        if not self._before or self._before in _NO_BLANK_AFTER:
            return False
        if self._before == "{":
            return padded
        return text not in NO_BLANK_BEFORE and not (text == "{" and self._before == ".")
