"""TOML files that tell about dependencies, with the places of their tables and keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witkit.ir.report import Report
from witkit.text import Source, Span, error

BAD_TOML = "WIT0515"

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A TOML document and its text."""

    source: Source
    data: dict[str, Any]

    def place(self, key: str) -> Span:
        """Where a top-level key or table of that name begins; the first line where it is written otherwise."""
        pattern = rf"""^[ \t]*\[?[ \t]*(["']?){re.escape(key)}\1(?=[ \t]*[\]=.])"""
        found = re.search(pattern, self.source.text, re.MULTILINE)
        if found is None:
            return self.source.span(0, 0)
        return self.source.span(found.end() - len(key) - len(found[1]), found.end() - len(found[1]))

    def value_place(self, key: str, value: str, after: int = 0) -> Span:
        """Where `key = "value"` stands at or after an offset."""
        pattern = rf"""^[ \t]*{re.escape(key)}[ \t]*=[ \t]*["']({re.escape(value)})["']"""
        found = re.compile(pattern, re.MULTILINE).search(self.source.text, after)
        return self.source.span(*found.span(1)) if found else self.source.span(0, 0)


def read_table(path: Path, shown: str, report: Report) -> Table | None:
    """The document at `path`; None where there is no such file, or after a finding about it."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) else "it is not UTF-8"
        report.add([error(BAD_TOML, f"cannot read this file: {reason}", file=shown)])
        return None
    # Most packages have no such file: what reads it is imported only here.
    import tomllib

    source = Source(shown, text)
    try:
        return Table(source, tomllib.loads(text))
    except tomllib.TOMLDecodeError as e:
        message = _PLACE.sub("", str(e)).strip()
        report.error(BAD_TOML, f"this is not TOML: {message[:1].lower()}{message[1:]}", _place(source, str(e)))
        return None


def _place(source: Source, message: str) -> Span:
    found = _PLACE.search(message)
    if found is None:
        return source.span(len(source.text), len(source.text))
    line, column = int(found[1]), int(found[2])
    starts = source.line_starts
    at = min(starts[min(line, len(starts)) - 1] + column - 1, len(source.text))
    return source.span(at, at)
