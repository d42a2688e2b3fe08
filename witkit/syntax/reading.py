"""The ways to read a text. Lark is imported when a text has to be parsed, not before: it costs 50 ms."""

from __future__ import annotations

from dataclasses import replace

from witkit.syntax import kept
from witkit.syntax.nodes import Interface
from witkit.syntax.parsed import Parsed
from witkit.text import Source, error

OF_2022 = "WIT0121"
SOME_MISTAKES = 10
"""More than that in a text of which nothing can be understood: it is something else than WIT."""


def parse(source: Source) -> Parsed:
    """Read a file of today's WIT. Never raises: what is wrong is a diagnostic, and the tree has the rest."""
    from witkit.syntax import parser

    parsed = parser.parse(source)
    if not parsed.diagnostics or parsed.file.package is not None or parsed.file.items:
        return parsed
    first = parsed.diagnostics[0]
    if _is_of_2022(source):
        help = "`witkit upgrade` rewrites it as today's"
        first = error(OF_2022, "this is WIT as it was in 2022", first.primary, help=help)
    elif len(parsed.diagnostics) > SOME_MISTAKES:
        first = replace(first, help="nothing in this file reads as WIT: is it the right one?")
    else:
        return parsed
    return Parsed(parsed.file, (first,))


def _is_of_2022(source: Source) -> bool:
    read = parse_2022(source, "any")
    # A Markdown page without any block of WIT has no mistake either, and is no interface.
    return not read.diagnostics and any(isinstance(item, Interface) and item.items for item in read.file.items)


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
