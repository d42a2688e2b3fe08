"""TOML files about dependencies, with the places of their tables and keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witkit.ir.report import Report
from witkit.text import Source, Span, error

BAD_TOML = "WIT0515"


@dataclass(frozen=True, slots=True, eq=False)
class TomlDocument:
    """A TOML document and its text."""

    source: Source
    data: dict[str, Any]

    def place(self, key: str) -> Span:
        """The place of a top-level key or table, or the start of the text if it is not found."""
        from witkit.text.toml_places import place_of

        return place_of(self.source, "", key) or self.source.span(0, 0)

    def value_place(self, key: str, value: str, after: int = 0) -> Span:
        """The place of the value in `key = "value"` at or after an offset, or the start of the text."""
        from witkit.text.toml_places import place_of_value

        return place_of_value(self.source, key, value, after) or self.source.span(0, 0)


def read_table(path: Path, shown: str, report: Report) -> TomlDocument | None:
    """The document at `path`; None if there is no such file, or after a finding about it."""
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

    from witkit.text.toml_places import syntax_error

    source = Source(shown, text)
    try:
        return TomlDocument(source, tomllib.loads(text))
    except tomllib.TOMLDecodeError as e:
        message, place = syntax_error(source, str(e))
        report.error(BAD_TOML, f"this is not valid TOML: {message}", place)
        return None
