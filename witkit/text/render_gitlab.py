"""Diagnostics as a Code Quality report of GitLab, which shows them in merge requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from witkit.text.diagnostic import Diagnostic, Severity
from witkit.text.fingerprints import fingerprints
from witkit.text.formats import Describe, no_description
from witkit.text.json_text import json_text
from witkit.text.repository_paths import from_top

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """A JSON array with one object for each finding. A finding without a place is at the first line of its file."""
    found = list(diagnostics)
    issues = [_issue(d, fingerprint) for d, fingerprint in zip(found, fingerprints(found), strict=True)]
    return json_text(issues)


def _issue(d: Diagnostic, fingerprint: str) -> dict[str, Any]:
    begin = end = 1
    if d.primary:
        begin, _ = d.primary.source.position(d.primary.start)
        end, _ = d.primary.source.position(d.primary.end)
    return {
        "description": d.message,
        "check_name": d.rule or d.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[d.severity],
        "location": {"path": from_top(d.where or ".", "CI_PROJECT_DIR"), "lines": {"begin": begin, "end": end}},
    }
