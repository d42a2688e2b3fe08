"""Tokens: a stretch of text with its kind and the comments that are directly before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from witkit.syntax.nodes import Comment, Id
from witkit.text import Diagnostic, Source, Span


class Token:
    """One token. `type` is the grammar's name of the terminal; `comments` is the run directly before it.

    It knows its source, so that tree building needs no state. (Lark asks only for `type`.)
    """

    __slots__ = ("comments", "end", "source", "start", "type")

    def __init__(self, type: str, source: Source, start: int, end: int, comments: list[Comment] | None = None) -> None:
        self.type = type
        self.source = source
        self.start = start
        self.end = end
        self.comments = comments

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def id(self) -> Id:
        """The token as a name, without the `%` it may have."""
        text = self.source.text[self.start : self.end]
        return Id(text[1:] if text[0] == "%" else text, Span(self.source, self.start, self.end))

    def __repr__(self) -> str:
        return f"Token({self.type}, {self.text!r})"


def begins_line(tokens: Sequence[Token], at: int) -> bool:
    """Whether a line end is between `tokens[at]` and the token before it."""
    if not at:
        return True
    before, token = tokens[at - 1], tokens[at]
    return "\n" in token.source.text[before.end : token.start]


@dataclass(slots=True)
class Scan:
    """All tokens of a source (the last is `$END`), all its comments, and what the lexer found wrong."""

    tokens: list[Token]
    comments: list[Comment]
    diagnostics: list[Diagnostic]
