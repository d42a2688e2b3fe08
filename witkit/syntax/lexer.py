"""Text to tokens: keywords are reserved, block comments nest, comments are kept beside the tokens."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from lark.lexer import Lexer, LexerState, TerminalDef

from witkit.syntax.nodes import Comment
from witkit.syntax.tokens import Scan, Token
from witkit.text import Source, Span, error

_BLOCK_MARK = re.compile(r"/\*|\*/")
_BLANK = r"[ \t\r\n]*"


class HasTerminals(Protocol):
    """What a lexer needs of a grammar: a `Lark` has it, and so has Lark's configuration of a lexer."""

    terminals: Collection[TerminalDef]


class WitLexer(Lexer):
    """The lexer of a WIT dialect: its keywords, marks and patterns are the terminals of the grammar."""

    __future_interface__ = 1

    def __init__(self, grammar: HasTerminals) -> None:
        self._keywords, self._marks, patterns = _sort_terminals(grammar.terminals)
        marks = "|".join(re.escape(mark) for mark in sorted(self._marks, key=len, reverse=True))
        groups = [
            f"(?P<ID>{patterns.pop('ID')})",
            r"(?P<LINE_COMMENT>//[^\n]*)",
            r"(?P<BLOCK_COMMENT>/\*)",
            f"(?P<MARK>{marks})",
            *(f"(?P<{name}>{pattern})" for name, pattern in patterns.items()),
            r"(?P<END>\Z)",
        ]
        self._pattern = re.compile(_BLANK + "(?:" + "|".join(groups) + ")")

    def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:  # type: ignore[override]  # our tokens are not str
        """The tokens of a text, for Lark's own driver."""
        return iter(self.scan(Source("<text>", lexer_state.text.text)).tokens[:-1])

    def scan(self, source: Source) -> Scan:
        """Cut the whole source into tokens."""
        text = source.text
        match, keywords, marks = self._pattern.match, self._keywords, self._marks
        tokens: list[Token] = []
        comments: list[Comment] = []
        run: list[Comment] | None = None
        scan = Scan(tokens, comments, [])
        at = 1 if text.startswith("\ufeff") else 0
        while True:
            found = match(text, at)
            if found is None:
                at = _skip_bad(scan, source, at)
                continue
            kind = found.lastgroup
            start, at = found.span(kind)  # type: ignore[arg-type]  # every alternative is a named group
            if kind == "ID":
                tokens.append(Token(keywords.get(text[start:at], "ID"), source, start, at, run))
            elif kind == "MARK":
                tokens.append(Token(marks[text[start:at]], source, start, at, run))
            elif kind == "LINE_COMMENT" or kind == "BLOCK_COMMENT":
                if kind == "BLOCK_COMMENT":
                    at = _block_end(scan, source, start)
                elif text[at - 1] == "\r":
                    at -= 1
                comment = Comment(Span(source, start, at))
                comments.append(comment)
                if run is None:
                    run = []
                run.append(comment)
                continue
            elif kind == "END":
                tokens.append(Token("$END", source, at, at, run))
                return scan
            else:
                tokens.append(Token(kind, source, start, at, run))  # type: ignore[arg-type]
            run = None


def _sort_terminals(terminals: Iterable[TerminalDef]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Keywords and marks by their text, patterns by their terminal's name."""
    keywords: dict[str, str] = {}
    marks: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for terminal in terminals:
        value = terminal.pattern.value
        if terminal.pattern.type == "re":
            patterns[terminal.name] = value
        elif value[0].isalpha():
            keywords[value] = terminal.name
        else:
            marks[value] = terminal.name
    # A version begins as a number does: the longer pattern has to be tried first.
    return keywords, marks, dict(sorted(patterns.items(), key=lambda item: -len(item[1])))


def _block_end(scan: Scan, source: Source, start: int) -> int:
    """The end of the block comment that starts at `start`; comments nest."""
    depth = 0
    for mark in _BLOCK_MARK.finditer(source.text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    span = source.span(start, start + 2)
    scan.diagnostics.append(error("WIT0101", "this block comment is never closed", span, help="close it with `*/`"))
    return len(source.text)


def _skip_bad(scan: Scan, source: Source, at: int) -> int:
    """Report the character that begins no token, and go on behind it."""
    text = source.text
    while text[at] in " \t\r\n":
        at += 1
    scan.diagnostics.append(error("WIT0102", f"unexpected character {text[at]!r}", source.span(at, at + 1)))
    return at + 1
