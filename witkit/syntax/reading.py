"""The ways to read a text. Lark is imported when a text has to be parsed, not before: it costs 50 ms."""

from __future__ import annotations

from witkit.syntax import kept
from witkit.syntax.parsed import Parsed
from witkit.text import Source, error

OF_2022 = "WIT0121"


def parse(source: Source) -> Parsed:
    """Read a file of today's WIT. Never raises: what is wrong is a diagnostic, and the tree has the rest."""
    from witkit.syntax import parser

    parsed = parser.parse(source)
    if parsed.diagnostics and parsed.file.package is None and not parsed.file.items and _is_of_2022(source):
        first = parsed.diagnostics[0].primary
        found = error(OF_2022, "this is WIT as it was in 2022", first, help="`witkit upgrade` rewrites it as today's")
        return Parsed(parsed.file, (found,))
    return parsed


def _is_of_2022(source: Source) -> bool:
    read = parse_2022(source, "any")
    return not read.diagnostics


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
