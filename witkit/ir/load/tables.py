"""TOML files about dependencies, with the places of their tables and keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from witkit.ir.report import Report
from witkit.text import Diagnostic, Source, Span, error
from witkit.text.files import way_out
from witkit.text.values import value

if TYPE_CHECKING:
    from witkit.text.toml_places import TomlPlaces

BAD_TOML = "WIT0515"


@value(frozen=True, slots=True, eq=False)
class TomlDocument:
    """A TOML document and its text."""

    source: Source
    data: dict[str, Any]
    places: TomlPlaces

    def place(self, key: str) -> Span:
        """The place of a top-level key or table, or the start of the text if it is not found."""
        return self.places.of(self.source, (key,)) or self.source.span(0, 0)

    def value_place(self, *path: str | int) -> Span:
        """The place of a value, by the keys and indexes that lead to it, or the start of the text."""
        return self.places.of_value(self.source, path) or self.source.span(0, 0)


def _unreadable(wrong: OSError | UnicodeDecodeError, shown: str) -> Diagnostic:
    if isinstance(wrong, UnicodeDecodeError):
        return error(BAD_TOML, "cannot read this file: it is not UTF-8", file=shown, help="save the file as UTF-8")
    message = f"cannot read this file: {(wrong.strerror or 'the system refuses').lower()}"
    return error(BAD_TOML, message, file=shown, help=way_out(wrong, "make it a readable file, or move it away"))


def read_table(path: Path, shown: str, report: Report) -> TomlDocument | None:
    """The document at `path`; None if there is no such file, or after a finding about it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as e:
        report.add([_unreadable(e, shown)])
        return None
    # Most packages have no such file: what reads it is imported only here.
    import tomllib

    from witkit.text.toml_places import TomlPlaces, loads, syntax_error

    source = Source(shown, text)
    try:
        return TomlDocument(source, loads(text), TomlPlaces(text))
    except tomllib.TOMLDecodeError as e:
        message, place = syntax_error(source, str(e))
        report.error(BAD_TOML, f"this is not valid TOML: {message}", place)
        return None
