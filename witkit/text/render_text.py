"""Diagnostics for people: the place, an excerpt, the message and the help.

error[WIT0203]: the type `strem` does not exist
  --> wit/log.wit:7:23
   |
 7 |     read: func() -> strem;
   |                     ^^^^^ not defined here
   = help: did you mean `stream`?
"""

from __future__ import annotations

from collections.abc import Iterable

from witkit.text.diagnostic import Diagnostic, Severity
from witkit.text.formats import Describe, no_description
from witkit.text.source import Span
from witkit.text.visible import cell, columns, visible, visible_name

_RESET = "\x1b[0m"
_STYLES = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
    "frame": "\x1b[34m",
    "bold": "\x1b[1m",
}
# A line of a generated file may have a megabyte: an excerpt fits a wide terminal.
_WIDEST = 160
_LEAD = 40
_CUT = "…"


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """All diagnostics in the given order, each followed by a blank line."""
    return "".join(_diagnostic(d, color) + "\n" for d in diagnostics)


def _diagnostic(d: Diagnostic, color: bool) -> str:
    title = _paint(d.severity, f"{d.severity}[{d.title}]", color) + _paint("bold", f": {visible(d.message)}", color)
    places = ([(d.primary, d.label, True)] if d.primary else []) + [(r.span, r.message, False) for r in d.related]
    width = max((len(str(span.source.position(span.start)[0])) for span, _, _ in places), default=1)
    lines = [title]
    if d.primary is None and d.file:
        lines.append(_paint("frame", " " * width + "--> ", color) + visible_name(d.file))
    for span, label, primary in places:
        lines += _place(span, label, width, d.severity if primary else None, color)
    if d.help:
        first, *rest = visible(d.help).split("\n")
        lines.append(_paint("frame", " " * width + " = ", color) + f"help: {first}")
        lines += [" " * (width + 9) + line for line in rest]
    return "\n".join(lines) + "\n"


def _place(span: Span, label: str, width: int, severity: Severity | None, color: bool) -> list[str]:
    """The lines of one excerpt. Only the primary one has a severity."""
    number, column = span.source.position(span.start)
    line, before, under = _excerpt(span, number, column)
    mark = ("^" if severity else "-") * under
    frame = _paint("frame", " " * width + " |", color)
    arrow = "-->" if severity else ":::"
    return [
        _paint("frame", f"{' ' * width}{arrow} ", color) + f"{visible_name(span.source.name)}:{number}:{column}",
        frame,
        _paint("frame", f"{number:>{width}} |", color) + f" {line}".rstrip(),
        f"{frame} {' ' * before}" + _paint(severity or "frame", f"{mark} {visible(label)}".rstrip(), color),
    ]


def _excerpt(span: Span, number: int, column: int) -> tuple[str, int, int]:
    """The line as shown, the columns before the marked part, and the columns of the marked part (at least 1).

    A span of several lines is marked up to the end of its first line.
    """
    text = span.source.line(number)
    first = min(column - 1, len(text))
    last = min(first + max(span.end - span.start, 0), len(text))
    start = max(0, first - _LEAD) if len(text) > _WIDEST else 0
    stop = min(len(text), start + _WIDEST)
    lead = (_CUT if start else "") + "".join(map(cell, text[start:first]))
    marked = "".join(map(cell, text[first : min(last, stop)]))
    tail = "".join(map(cell, text[min(last, stop) : stop])) + (_CUT if stop < len(text) else "")
    return lead + marked + tail, columns(lead), max(1, columns(marked))


def _paint(style: Severity | str, text: str, color: bool) -> str:
    return f"{_STYLES[style]}{text}{_RESET}" if color and text else text
