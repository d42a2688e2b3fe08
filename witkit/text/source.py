"""Source texts and positions in them."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from witkit.text.values import value


@value(frozen=True, eq=False)
class Source:
    """A text and its name in messages: a path as the user wrote it, or `<stdin>`.

    Offsets count the Unicode code points of `text`, which has the same line ends as on disk.
    """

    name: str
    text: str

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @cached_property
    def line_starts(self) -> list[int]:
        """The offsets at which lines start. Lines end with LF, as for wasm-tools; a lone CR does not end a line."""
        starts, text, at = [0], self.text, 0
        while (at := text.find("\n", at) + 1) > 0:
            starts.append(at)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both counted from 1, the column in code points.

        A byte order mark at the start of the text does not count.
        """
        line = bisect_right(self.line_starts, offset)
        return line, max(offset - self._first_of(line), 0) + 1

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[self._first_of(number) : end].rstrip("\r\n")

    def _first_of(self, line: int) -> int:
        """The offset of the first character of a line. A byte order mark is not a character of the first one."""
        return self.line_starts[line - 1] or int(self.text.startswith("\ufeff"))

    def span(self, start: int, end: int) -> Span:
        """The span from `start` up to `end`, which is not included."""
        return Span(self, start, end)


@value(frozen=True, slots=True)
class Span:
    """A part of a source, without `end`. It refers to its source, so offsets are never shifted.

    Do not change one: only type checkers refuse that.
    """

    source: Source
    start: int
    end: int

    def __repr__(self) -> str:
        """`Span(shop.wit:3:1..3:8)`: short, because trees and models are full of spans."""
        (line, column), (last_line, last_column) = map(self.source.position, (self.start, self.end))
        return f"Span({self.source.name}:{line}:{column}..{last_line}:{last_column})"

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`, in the same source."""
        return Span(self.source, self.start, other.end)
