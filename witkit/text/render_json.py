"""Diagnostics for programs: a JSON array with one object per finding.

Lines and columns count from 1, columns in Unicode code points. The end of a span is exclusive. Attributes that a
finding does not have are null, except for `related`, which is an empty array. The edits of a fix have such positions,
too. Findings with facts also have `item`, the path of what they are about, and `facts`, an object. A byte of a file's
name that is not UTF-8 is written as `\\xff`, as is one that has a backslash there: SARIF tells the two apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from witkit.text.diagnostic import Diagnostic, Fix
from witkit.text.formats import Describe, no_description
from witkit.text.json_text import json_text
from witkit.text.source import Span


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """The array, indented by two spaces and in ASCII, so that no encoding can damage it."""
    return json_text([_diagnostic(d) for d in diagnostics])


def _diagnostic(d: Diagnostic) -> dict[str, Any]:
    place = _place(d.primary) if d.primary else {"file": d.file or None, **dict.fromkeys(_POSITIONS)}
    return {
        **place,
        "severity": str(d.severity),
        "code": d.code,
        "rule": d.rule or None,
        "message": d.message,
        "help": d.help or None,
        "related": [{**_place(r.span), "message": r.message} for r in d.related],
        "fix": _fix(d.fix) if d.fix else None,
        **({"item": d.item, "facts": dict(d.facts)} if d.facts else {}),
    }


_POSITIONS = ("line", "column", "end_line", "end_column")


def _place(span: Span) -> dict[str, Any]:
    positions = (*span.source.position(span.start), *span.source.position(span.end))
    return {"file": span.source.name, **dict(zip(_POSITIONS, positions, strict=True))}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "safe": fix.is_safe, "edits": [{**_place(e.span), "text": e.text} for e in fix.edits]}
