"""The ways to read a text. Lark is imported when a text has to be parsed, not before: it costs 50 ms."""

from __future__ import annotations

import re
from dataclasses import replace

from witkit.syntax import kept
from witkit.syntax.nodes import UNKNOWN_NAME, File, Id, Interface
from witkit.syntax.parsed import Parsed
from witkit.text import Diagnostic, Source, error

OF_2022 = "WIT0121"
NOT_WIT = "WIT0122"
_CONFLICT = re.compile(r"^<{7} .*$(?=[\s\S]*^={7}$)", re.MULTILINE)
FEW_MISTAKES, SOME_MISTAKES = 3, 10
"""More than a few in a text without any line of WIT, or more than some in one of which nothing can be understood: it is
something else than WIT."""


def parse(source: Source) -> Parsed:
    """Read a file of today's WIT. Never raises: what is wrong is a diagnostic, and the tree has the rest."""
    from witkit.syntax import parser

    parsed = parser.parse(source)
    if not parsed.diagnostics:
        return parsed
    if (conflict := _CONFLICT.search(source.text)) is not None:
        help = "keep one of the two sides, and remove the lines that git has put around them"
        lines = source.span(conflict.start(), conflict.end())
        return _only(parsed.file, error(NOT_WIT, "a merge conflict is left in this file", lines, help=help))
    header = parsed.file.package
    if header is not None and not any(d.primary and d.primary.start < header.span.start for d in parsed.diagnostics):
        return parsed
    if not parsed.file.items and _is_of_2022(source):
        help = "rewrite the folder: `witkit upgrade FOLDER -o OUT --package ns:name@0.1.0`"
        place = parsed.diagnostics[0].primary
        return Parsed(parsed.file, (error(OF_2022, "this is WIT as it was in 2022", place, help=help),))
    return _as_something_else(source, parsed)


def _as_something_else(source: Source, parsed: Parsed) -> Parsed:
    """A text in another language as one finding, and without anything in it that could be misunderstood."""
    from witkit.syntax.other_languages import language_of, resembles_wit

    place = parsed.diagnostics[0].primary
    if (seen := language_of(source.text)) is not None:
        place, what = source.span(seen.start, seen.end), f"this is not WIT: it looks like {seen.language}"
        help = "write it as WIT, or give it another name than `*.wit`"
    elif _is_hopeless(parsed, resembles_wit(source.text)):
        what, help = "this is not WIT", "nothing in this file reads as WIT: is it the right one?"
    else:
        return parsed
    return _only(replace(parsed.file, package=None), error(NOT_WIT, what, place, help=help))


def _is_hopeless(parsed: Parsed, resembles_wit: bool) -> bool:
    mistakes = len(parsed.diagnostics)
    return (mistakes > FEW_MISTAKES and not resembles_wit) or (mistakes > SOME_MISTAKES and not parsed.file.items)


def _only(file: File, finding: Diagnostic) -> Parsed:
    """A finding that makes all others pointless: of the file only its header counts, and it may define any name."""
    assert finding.primary is not None
    return Parsed(replace(file, items=[], lost=[Id(UNKNOWN_NAME, finding.primary)]), (finding,))


def _is_of_2022(source: Source) -> bool:
    read = parse_2022(source, "any")
    # A Markdown page without any block of WIT has no mistake either, and is not an interface.
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
