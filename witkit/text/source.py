"""Texts and places in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Source:
    """One text with the name that messages show for it (a path as the user wrote it, or `<stdin>`).

    Offsets count Unicode code points of `text`, which keeps its line ends as they were on disk.
    """

    name: str
    text: str

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets at which lines start; a line ends with LF, as for the reference (a lone CR ends none)."""
        starts, text, at = [0], self.text, 0
        while (at := text.find("\n", at) + 1) > 0:
            starts.append(at)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """The span from `start` up to, not including, `end`."""
        return Span(self, start, end)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one source, `end` not included. It carries its source: nothing is ever shifted."""

    source: Source
    start: int
    end: int

    def __repr__(self) -> str:
        """Short, because trees and models are full of spans: `Span(shop.wit:3:1..3:8)`."""
        (line, column), (last_line, last_column) = map(self.source.position, (self.start, self.end))
        return f"Span({self.source.name}:{line}:{column}..{last_line}:{last_column})"

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other` (same source)."""
        return Span(self.source, self.start, other.end)
