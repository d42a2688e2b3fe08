"""Where tables, keys and syntax errors of a TOML text are: tomllib does not keep positions.

The text is read line by line, so this finds headers and keys at the start of a line, as people write them.
"""

from __future__ import annotations

import re

from witkit.text.source import Source, Span

_HEADER = re.compile(r"\s*\[+\s*([^\]]*?)\s*\]+")
_POSITION = re.compile(r" ?\(at line (\d+), column (\d+)\)$")


def place_of(source: Source, header: str, key: str = "", number: int = 0) -> Span | None:
    """The place of a key in a table, or of the table itself if no key is given; None if it is not found.

    `header` is the dotted name of the table, empty for the keys before the first header. `number` counts the tables
    of that name from 0. A key that is a table has its own header as its place.
    """
    wanted = ".".join(part for part in (header, key) if part)
    assignment = re.compile(rf"""\s*["']?({re.escape(key)})["']?\s*[=.]""")
    offset, seen, inside = 0, -1 if header else 0, not header
    for line in source.text.splitlines(keepends=True):
        if found := _HEADER.match(line):
            name = found[1].replace('"', "").replace("'", "")
            inside = name == header
            seen += inside
            if f"{name}.".startswith(f"{wanted}.") and max(seen, 0) == number:
                return source.span(offset, offset + len(line.rstrip()))
        elif inside and key and seen == number and (assigned := assignment.match(line)):
            return source.span(offset + assigned.start(1), offset + assigned.end(1))
        offset += len(line)
    return None


def place_of_value(source: Source, key: str, value: str, after: int = 0) -> Span | None:
    """The place of `value` in the first `key = "value"` at or after an offset, in any table."""
    pattern = rf"""^[ \t]*{re.escape(key)}[ \t]*=[ \t]*["']({re.escape(value)})["']"""
    found = re.compile(pattern, re.MULTILINE).search(source.text, after)
    return source.span(*found.span(1)) if found else None


def syntax_error(source: Source, message: str) -> tuple[str, Span]:
    """The reason in a message of tomllib, beginning in lower case, and the place that the message names.

    The place is empty if it is the end of the text.
    """
    at = _POSITION.search(message)
    reason = message[: at.start()] if at else message
    end = len(source.text)
    start = end
    if at:
        starts = source.line_starts
        start = min(starts[min(int(at[1]), len(starts)) - 1] + int(at[2]) - 1, end)
    return f"{reason[:1].lower()}{reason[1:]}", source.span(start, min(start + 1, end))
