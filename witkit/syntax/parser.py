"""One text to its tree and its diagnostics."""

from __future__ import annotations

from dataclasses import dataclass

from lark.exceptions import UnexpectedToken

from witkit.syntax import grammar, nodes
from witkit.text import Diagnostic, Source, error


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of what could be understood, and everything that could not, in the order of the text."""

    file: nodes.File
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source) -> Parsed:
    """Read a file of today's WIT. Never raises: what is wrong is a diagnostic, and the tree has the rest."""
    wit = grammar.wit()
    scan = wit.lexer.scan(source)
    driver = wit.lark.parse_interactive()
    header, items = None, []
    problems = list(scan.diagnostics)
    try:
        for token in scan.tokens:
            result = driver.feed_token(token)
        header, items = result
    except UnexpectedToken as e:
        token = e.token
        problems.append(error("WIT0103", f"unexpected `{token.text}`", token.span))
    file = nodes.File(source, header, items, scan.comments)
    return Parsed(file, tuple(problems))
