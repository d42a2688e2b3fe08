"""Diagnostics as a Markdown table, for comments and summaries of pull requests."""

from __future__ import annotations

from collections.abc import Iterable

from witkit.text.diagnostic import Diagnostic
from witkit.text.formats import Describe, no_description
from witkit.text.visible import visible, visible_name


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """A row for each finding, with a column for each fact that any of them has; nothing if there are no findings."""
    found = list(diagnostics)
    if not found:
        return ""
    facts = list(dict.fromkeys(name for d in found for name, _ in d.facts))
    columns = ["place", "severity", "code", "message", *(name.replace("_", " ") for name in facts)]
    rows = [_row([*_cells(d), *(dict(d.facts).get(name, "") for name in facts)]) for d in found]
    return "\n".join([_row(columns), "|" + "---|" * len(columns), *rows, "", ""])


def _cells(d: Diagnostic) -> list[str]:
    place = visible_name(d.where)
    if d.primary:
        line, column = d.primary.source.position(d.primary.start)
        place = f"{place}:{line}:{column}"
    return [place, str(d.severity), d.title, f"{d.message}\n{d.help}" if d.help else d.message]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """Text that Markdown shows as it is, with code in backticks."""
    parts = visible(text).replace("|", "\\|").split("`")
    outside = [part.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*") for part in parts[::2]]
    parts[::2] = [part.replace("\n", "<br>") for part in outside]
    return "`".join(parts)
