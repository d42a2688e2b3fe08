"""Diagnostics as a JUnit report, which most CI services can show."""

from __future__ import annotations

from collections.abc import Iterable

from witkit.text.diagnostic import Diagnostic, Severity
from witkit.text.formats import Describe, no_description
from witkit.text.visible import visible, visible_name


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False, describe: Describe = no_description) -> str:
    """One test case for each finding, or a single one that passes. Notes pass, and their text is output."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    found = list(diagnostics)
    failures = sum(d.severity is not Severity.NOTE for d in found)
    counts = {"tests": str(max(len(found), 1)), "failures": str(failures)}
    root = Element("testsuites", {"name": "witkit", **counts})
    suite = SubElement(root, "testsuite", {"name": "witkit", "errors": "0", "skipped": "0", **counts})
    for d in found:
        case = SubElement(suite, "testcase", _case(d))
        if d.severity is Severity.NOTE:
            SubElement(case, "system-out").text = _text(d)
        else:
            failure = SubElement(case, "failure", {"type": str(d.severity), "message": visible(d.message)})
            failure.text = _text(d)
    if not found:
        SubElement(suite, "testcase", {"classname": "witkit", "name": "nothing to report"})
    indent(root)
    # In ASCII, which is UTF-8 however the terminal or the file encodes it.
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="us-ascii").decode()}\n'


def _case(d: Diagnostic) -> dict[str, str]:
    case = {"classname": visible_name(d.where or "witkit"), "name": d.title}
    if not d.primary:
        return case
    line, column = d.primary.source.position(d.primary.start)
    return {**case, "name": f"{d.title} {line}:{column}", "file": visible_name(d.where), "line": str(line)}


def _text(d: Diagnostic) -> str:
    place = visible_name(d.where)
    if d.primary:
        line, column = d.primary.source.position(d.primary.start)
        place = f"{place}:{line}:{column}"
    text = f"{place}: {d.severity}[{d.title}]: {d.message}"
    return visible(f"{text}\nhelp: {d.help}" if d.help else text)
