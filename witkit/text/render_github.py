"""Diagnostics as workflow commands of GitHub Actions: each becomes an annotation of its line.

GitHub shows at most ten errors, ten warnings and ten notices per step. The rest is written to the log as plain lines.
Columns are given only for spans within one line, as GitHub requires.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from witkit.text.diagnostic import Diagnostic, Severity
from witkit.text.formats import Describe, no_description
from witkit.text.json_text import encodable
from witkit.text.repository_paths import from_top
from witkit.text.source import Span
from witkit.text.visible import visible, visible_name

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MOST = 10


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """Errors, then warnings, then notes, with at most ten annotations of each."""
    everything = list(diagnostics)
    lines: list[str] = []
    for severity in Severity:
        found = [d for d in everything if d.severity is severity]
        lines += [_annotation(d) for d in found[:_MOST]]
        if len(found) > _MOST:
            lines.append(f"{len(found) - _MOST} more of severity {severity}, more than GitHub annotates in one step:")
            lines += [_plain(d) for d in found[_MOST:]]
    return "".join(line + "\n" for line in lines)


def add_summary(diagnostics: Sequence[Diagnostic]) -> None:
    """Add all findings, as a Markdown table, to the summary of the step, if this runs in GitHub Actions."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file and diagnostics:
        rows = [f"| {_cell(_where(d))} | {d.severity} | {d.title} | {_cell(d.message)} |" for d in diagnostics]
        table = "\n".join(["| place | severity | code | message |", "|---|---|---|---|", *rows, ""])
        with Path(file).open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(table)


def _cell(text: str) -> str:
    return visible(text).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")


def _where(d: Diagnostic) -> str:
    return _position(d.primary) if d.primary else visible_name(d.where)


def _annotation(d: Diagnostic) -> str:
    where = ",".join(f"{key}={_property(str(value))}" for key, value in _properties(d).items())
    message = "\n".join([d.message, *(f"{r.message}: {_position(r.span)}" for r in d.related)])
    text = visible(f"{message}\nhelp: {d.help}" if d.help else message)
    return f"::{_COMMANDS[d.severity]} {where}::{_escape(text)}"


def _properties(d: Diagnostic) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    if d.where:
        found["file"] = encodable(from_top(d.where, "GITHUB_WORKSPACE"))
    if d.primary:
        line, column = d.primary.source.position(d.primary.start)
        end_line, end_column = d.primary.source.position(d.primary.end)
        found |= {"line": line, "endLine": end_line}
        if line == end_line:
            found |= {"col": column, "endColumn": end_column}
    return {**found, "title": d.title}


def _position(span: Span) -> str:
    line, column = span.source.position(span.start)
    return f"{visible_name(span.source.name)}:{line}:{column}"


def _plain(d: Diagnostic) -> str:
    # The indentation keeps a leading `::` from being read as a command.
    return f"  {visible(f'{_where(d)}: {d.severity}[{d.title}]: {d.message}'.replace(chr(10), ' '))}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
