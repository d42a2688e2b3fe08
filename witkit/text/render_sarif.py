"""Diagnostics in SARIF 2.1.0, which GitHub code scanning and other services read.

Sections in brackets are those of the SARIF specification, 2.1.0.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from witkit._version import __version__
from witkit.text.diagnostic import Diagnostic, Fix, Severity
from witkit.text.fingerprints import fingerprints
from witkit.text.formats import Describe, no_description
from witkit.text.json_text import json_text
from witkit.text.repository_paths import from_top
from witkit.text.source import Span


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """One log with one run. Its rules are the codes of the findings, with what `describe` knows about them."""
    found = list(diagnostics)
    codes = list(dict.fromkeys(d.code for d in found))
    marks = fingerprints(found)
    run = {
        "tool": {"driver": {**_DRIVER, "rules": [_rule(code, describe) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes.index(d.code), mark) for d, mark in zip(found, marks, strict=True)],
    }
    return json_text({"version": "2.1.0", "runs": [run]})


_DRIVER = {"name": "witkit", "version": __version__}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def _rule(code: str, describe: Describe) -> dict[str, Any]:
    """A reportingDescriptor (3.49): `name` has to be readable for people."""
    about = describe(code)
    if about is None:
        return {"id": code}
    named = {"name": about.name} if about.name else {}
    summary, page = {"text": about.summary}, {"text": about.summary, "markdown": about.page}
    return {"id": code, **named, "shortDescription": summary, "help": page}


def _result(d: Diagnostic, rule: int, mark: str) -> dict[str, Any]:
    """A result (3.27)."""
    text = f"{d.message}\n{d.help}" if d.help else d.message
    result: dict[str, Any] = {
        "ruleId": d.code,
        "ruleIndex": rule,
        "level": _LEVELS[d.severity],
        "message": {"text": text},
        "partialFingerprints": {"witkit/v1": mark},
    }
    if d.where:
        result["locations"] = [_location(d)]
    if d.related:
        result["relatedLocations"] = [
            {"physicalLocation": _place(r.span), "message": {"text": r.message}} for r in d.related
        ]
    if d.fix:
        result["fixes"] = [_fix(d.fix)]
    if d.facts:
        result["properties"] = dict(d.facts)
    return result


def _location(d: Diagnostic) -> dict[str, Any]:
    place = {"physicalLocation": _place(d.primary) if d.primary else {"artifactLocation": _artifact(d.file)}}
    if d.item:
        place["logicalLocations"] = [{"fullyQualifiedName": d.item}]  # type: ignore[assignment]
    return place


def _place(span: Span) -> dict[str, Any]:
    """A physicalLocation (3.29)."""
    return {"artifactLocation": _artifact(span.source.name), "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    """A region (3.30): lines and columns count from 1, and the end column is that after the last character."""
    start, end = span.source.position(span.start), span.source.position(span.end)
    return {"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]}


def _artifact(name: str) -> dict[str, str]:
    """An artifactLocation (3.4): a relative reference, so that a viewer can look the file up in its checkout."""
    # A name need not be UTF-8: the URI has its very bytes.
    return {"uri": quote(os.fsencode(from_top(name, "GITHUB_WORKSPACE")), safe="/~")}


def _fix(fix: Fix) -> dict[str, Any]:
    """A fix (3.55), with the changes of each file."""
    sources = dict.fromkeys(edit.span.source for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(source.name),
            "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                for edit in fix.edits
                if edit.span.source is source
            ],
        }
        for source in sources
    ]
    return {"description": {"text": fix.title}, "artifactChanges": changes}
