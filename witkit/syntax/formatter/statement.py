"""A statement that does not fit on its line, or has comments inside.

Lists are opened from the outside to the inside, and from the left to the right, until the rest fits: an open list has
one element per line. A list with a comment in it is always open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from witkit.syntax import nodes
from witkit.syntax.formatter.page import Page
from witkit.syntax.formatter.pieces import NO_BLANK_BEFORE, BracketedList, Piece, Word, flat_text, pieces
from witkit.syntax.walk import Placed


class StatementWriter:
    """Writes such statements on a page, which has the comments."""

    def __init__(self, page: Page, step: str, width: int) -> None:
        self._page = page
        self._step = step
        self._width = width

    def write(self, elements: Iterable[Placed], node: nodes.Node, indent: str, more: int) -> None:
        """Write elements of a node, which begin on a line with this indent; `more` characters follow the last."""
        self._sequence(pieces(elements, node), indent + self._step, more)

    def _sequence(self, found: Sequence[Piece], indent: str, more: int) -> None:
        """Pieces one after the other; a line that a comment forces begins with `indent`."""
        at = found[0].first.start
        for number, piece in enumerate(found):
            first = piece.first
            if self._page.has_comment_before(first.start):
                begun = self._page.inline_gap(at, first.start, indent)
                if not begun and first.text not in NO_BLANK_BEFORE:
                    self._page.line += " "
            elif number and first.blank:
                self._page.line += " "
            if isinstance(piece, Word):
                self._page.line += piece.text
            else:
                self._row(piece, found[number + 1 :], more)
            at = piece.end

    def _row(self, row: BracketedList, rest: Sequence[Piece], more: int) -> None:
        page = self._page
        if not page.has_comment_before(row.last.start):
            text = flat_text([row]).lstrip(" ")
            if not row.elements or page.column + len(text) + self._width_of(rest, more) <= self._width:
                page.line += text
                return
        page.line += row.first.text
        outside = " " * (len(page.line) - len(page.line.lstrip(" ")))
        inside = outside + self._step
        at, opens = row.first.end, True
        for element, comma in row.elements:
            first = element[0].first
            page.gap(at, first.start, inside, opens=opens, shares=opens or not first.own)
            self._sequence(element, inside + self._step, int(comma is not None or row.comma))
            at, opens = self._comma(row, element[-1].end, comma, inside + self._step), False
        page.closing_gap(at, row.last.start, inside, outside, opens=opens)
        page.line += row.last.text

    def _comma(self, row: BracketedList, at: int, comma: Word | None, indent: str) -> int:
        """The comma after an element that ends at `at`, if there is to be one; the place after it."""
        if comma is None:
            after = self._page.after_last(at, row.left_out.start if row.left_out else None, row.last.start)
            if after is not None:
                self._page.line += "," if row.comma else ""
                return after
            comma = row.left_out
            assert comma is not None
        self._page.inline_gap(at, comma.start, indent)
        self._page.line += ","
        return comma.end

    def _width_of(self, rest: Sequence[Piece], more: int) -> int:
        """How wide the pieces are on one line, up to where a comment forces a break."""
        fitting: list[Piece] = []
        for piece in rest:
            if self._page.has_comment_before(piece.first.start):
                return len(flat_text(fitting))
            if isinstance(piece, BracketedList) and self._page.has_comment_before(piece.last.start):
                return len(flat_text([*fitting, piece.first]))
            fitting.append(piece)
        return len(flat_text(fitting)) + more
