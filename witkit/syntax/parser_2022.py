"""Files in the dialect of 2022 (wit-bindgen, spring to autumn 2022) to the same tree as today's."""

from __future__ import annotations

import re

from witkit.syntax import grammar, limits, nodes, words
from witkit.syntax.driver import Driver
from witkit.syntax.parsed import Parsed
from witkit.syntax.tokens import Scan
from witkit.text import Diagnostic, Source, error

UNEXPECTED_2022 = "WIT0120"

_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)(.*)$", re.MULTILINE)


def parse_2022(source: Source, name: str) -> Parsed:
    """Read a file of 2022's WIT, which is one interface `name`; the tree's one item is that interface.

    The meaning of its nodes is that of `witkit.syntax.build_2022`. The first syntax error ends the reading,
    and the interface then has no items. A text whose name ends in `.md` is read as Markdown: only its
    fenced blocks of `wit` count.
    """
    readable = Source(source.name, _code_of(source.text)) if source.name.endswith(".md") else source
    dialect = grammar.wit_2022()
    scan = dialect.lexer.scan(readable)
    limits.flatten_deep_types(scan)
    items, found = _drive(Driver(dialect.lark), scan)
    whole = readable.span(0, len(source.text))
    interface = nodes.Interface(span=whole, name=nodes.Id(name, source.span(0, 0)), items=items)
    return Parsed(nodes.File(readable, None, [interface], scan.comments), (*scan.diagnostics, *found))


def _drive(driver: Driver, scan: Scan) -> tuple[list[nodes.InterfaceItem], list[Diagnostic]]:
    at = driver.run(scan.tokens)
    if at < len(scan.tokens):
        token = scan.tokens[at]
        message = f"expected {words.expected(driver.accepted())}, found {words.found(token)}"
        return [], [error(UNEXPECTED_2022, message, token.span, help="this was read as WIT of 2022")]
    items: list[nodes.InterfaceItem] = driver.last  # type: ignore[assignment]
    return items, []


def _code_of(text: str) -> str:
    """The text with everything outside fenced `wit` blocks blanked out, so that places stay the same."""
    kept: list[str] = []
    at, inside = 0, False
    for fence in _FENCE.finditer(text):
        part = text[at : fence.start()]
        kept.append(part if inside else _blank(part))
        kept.append(_blank(fence.group()))
        at, inside = fence.end(), not inside and fence.group(1).strip() == "wit"
    rest = text[at:]
    return "".join([*kept, rest if inside else _blank(rest)])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
