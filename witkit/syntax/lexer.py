"""Text to tokens: keywords are reserved, block comments nest, comments are kept beside the tokens."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Protocol

from lark.lexer import Lexer, LexerState, TerminalDef

from witkit.syntax import spelling, strings
from witkit.syntax.block_comments import block_end
from witkit.syntax.nodes import Comment
from witkit.syntax.tokens import Scan, Token
from witkit.text import Diagnostic, Source, Span, error

OPEN_COMMENT = "WIT0101"

_RESERVED = ("from",)
"""Keywords of the language that are in no rule of the grammar."""

_MOST_FINDINGS = 200  # text that is not WIT is not worth more

_BLANK = r"(?:[ \t\n]+|\r\n)*"
_WORD = r"%?[^\W\d][\w-]*|%"
_NAME_FOLLOWS = re.compile(r"[ \t]*[%\w]").match


class HasTerminals(Protocol):
    """What a lexer needs of a grammar: a `Lark` has it, and so has Lark's configuration of a lexer."""

    terminals: Collection[TerminalDef]


class WitLexer(Lexer):
    """The lexer of a WIT dialect: its keywords, marks and patterns are the terminals of the grammar.

    The grammar's ID is the spelling of a name; every other word becomes an ID too, with a diagnostic,
    so that one misspelt name is one finding.
    """

    __future_interface__ = 1

    def __init__(self, grammar: HasTerminals) -> None:
        self.keywords, marks, patterns = _sort_terminals(grammar.terminals)
        self._marks = marks
        name = patterns.pop("ID")
        groups = [
            rf"(?P<ID>(?:{name}|_)(?![\w-]))",
            r"(?P<LINE_COMMENT>//[^\n]*)",
            r"(?P<BLOCK_COMMENT>/\*)",
            f"(?P<MARK>{'|'.join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))})",
            *(f"(?P<{name}>{pattern})" for name, pattern in patterns.items()),
            f"(?P<WORD>{_WORD})",
            r"(?P<END>\Z)",
            r'(?P<OPEN_STRING>"[^\n]*)',
            r"(?P<OTHER>[^ \t\n])",
        ]
        self._match = re.compile(_BLANK + "(?:" + "|".join(groups) + ")").match

    def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:  # type: ignore[override]
        """The tokens of a text, for Lark's own driver, which asks no more of a token than its `type`."""
        return iter(self.scan(Source("<text>", lexer_state.text.text)).tokens[:-1])

    def scan(self, source: Source) -> Scan:
        """Cut the whole source into tokens."""
        text, match, keywords, marks = source.text, self._match, self.keywords, self._marks
        scan = Scan([], [], spelling.forbidden_characters(source))
        push = scan.tokens.append
        run: list[Comment] | None = None
        at = 1 if text.startswith("\ufeff") else 0
        while True:
            found = match(text, at)
            assert found is not None
            kind = found.lastgroup
            assert kind is not None
            start, at = found.span(kind)
            if kind == "ID":
                push(Token(keywords.get(text[start:at], "ID"), source, start, at, run))
            elif kind == "MARK":
                push(Token(marks[text[start:at]], source, start, at, run))
            elif kind == "LINE_COMMENT" or kind == "BLOCK_COMMENT":
                comment = _comment(scan, source, kind, start, at)
                at = comment.span.end
                scan.comments.append(comment)
                if run is None:
                    run = []
                run.append(comment)
                continue
            elif kind == "END":
                push(Token("$END", source, at, at, run))
                return scan
            elif kind == "OTHER":
                _unexpected(scan, source.span(start, at))
                if text[start] == "#":
                    # The text after it was meant to be a comment.
                    at = len(text) if (end := text.find("\n", start)) < 0 else end
                continue
            elif kind == "OPEN_STRING":
                _open_string(scan, source.span(start, at))
                push(Token("QUOTED", source, start, at, run))
            elif at - start == 1 and text[start] == "%" and _NAME_FOLLOWS(text, at):
                scan.diagnostics.append(spelling.bad_name(source.span(start, at), scan.tokens))
                continue
            else:
                push(self._checked(scan, Token(kind, source, start, at, run)))
            run = None

    def _checked(self, scan: Scan, token: Token) -> Token:
        """The token, after a look at its spelling; an invalid name passes for a valid one."""
        wrong: Diagnostic | None = None
        if token.type == "WORD":
            token.type = self.keywords.get(token.text, "ID")
            wrong = spelling.bad_name(token.span, scan.tokens) if token.type == "ID" else None
        elif token.type == "QUOTED":
            wrong = strings.check(token.span)
        elif token.type == "SEMVER":
            wrong = spelling.check_version(token.span, self.keywords)
        if wrong is not None:
            scan.diagnostics.append(wrong)
        return token


def _sort_terminals(terminals: Collection[TerminalDef]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Keywords and marks by their text, patterns by their terminal's name."""
    keywords = {word: word.upper() for word in _RESERVED}
    marks: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for terminal in terminals:
        value = terminal.pattern.value
        if terminal.pattern.type == "re":
            patterns[terminal.name] = value
        elif value[0].isalpha() or value == "_":
            keywords[value] = terminal.name
        else:
            marks[value] = terminal.name
    # A version begins as a number does: the longer pattern has to be tried first.
    return keywords, marks, dict(sorted(patterns.items(), key=lambda item: -len(item[1])))


def _comment(scan: Scan, source: Source, kind: str, start: int, end: int) -> Comment:
    """The comment that starts at `start`: block comments nest, line comments end before the line end."""
    text = source.text
    if kind == "BLOCK_COMMENT":
        return Comment(Span(source, start, _block_end(scan, source, start)))
    return Comment(Span(source, start, end - 1 if text[end - 1] == "\r" else end))


def _open_string(scan: Scan, string: Span) -> None:
    """Report a string that goes to the end of its line, unless it is the end of one that began in the line before."""
    last = scan.diagnostics[-1] if scan.diagnostics else None
    if last is not None and last.code == strings.BAD_STRING and last.primary is not None:
        between = string.source.text[last.primary.end : string.start]
        if last.primary.text.count('"') == 1 and between.count("\n") == 1:
            return
    scan.diagnostics.append(strings.open_string(string))


def _block_end(scan: Scan, source: Source, start: int) -> int:
    end = block_end(source.text, start)
    if end is not None:
        return end
    span = source.span(start, start + 2)
    scan.diagnostics.append(error(OPEN_COMMENT, "this block comment is never closed", span, help="close it with `*/`"))
    return len(source.text)


def _unexpected(scan: Scan, character: Span) -> None:
    """Report a character that begins no token, unless it is reported already as forbidden everywhere."""
    if not spelling.is_forbidden(character.text) and len(scan.diagnostics) < _MOST_FINDINGS:
        scan.diagnostics.append(spelling.unexpected_character(character))
