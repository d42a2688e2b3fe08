"""The ways to read a text. Lark is imported when a text has to be parsed, not before: it costs 50 ms."""

from __future__ import annotations

from witkit.syntax import kept
from witkit.syntax.parsed import Parsed
from witkit.text import Source


def parse(source: Source) -> Parsed:
    """Read a file of today's WIT. Never raises: what is wrong is a diagnostic, and the tree has the rest."""
    from witkit.syntax import parser

    return parser.parse(source)


def read(source: Source) -> Parsed:
    """As `parse`, but a text without findings is read only once: its tree is kept in the user's cache."""
    if (file := kept.find(source)) is not None:
        return Parsed(file, ())
    parsed = parse(source)
    if not parsed.diagnostics:
        kept.keep(parsed.file)
    return parsed


def parse_2022(source: Source, name: str) -> Parsed:
    """Read a file of 2022's WIT, which is one interface `name`; the tree's one item is that interface.

    The meaning of its nodes is that of `witkit.syntax.build_2022`. The first syntax error ends the reading,
    and the interface then has no items. A text whose name ends in `.md` is read as Markdown: only its
    fenced blocks of `wit` count.
    """
    from witkit.syntax import parser_2022

    return parser_2022.parse_2022(source, name)
