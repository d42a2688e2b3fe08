"""Findings as a Markdown table."""

from __future__ import annotations

from witkit.text import Diagnostic, Severity, Source, error
from witkit.text.formats import FORMATS

SOURCE = Source("wit/log.wit", "interface log {\n  use strem;\n}\n")


def render(*findings: Diagnostic) -> str:
    return FORMATS["markdown"].render(findings)


def test_each_finding_is_a_row_and_each_fact_a_column() -> None:
    finding = error("WIT0201", "no `strem`", SOURCE.span(22, 27), help="write `stream`")
    counted = Diagnostic("WIT2000", Severity.NOTE, "two items", file="a.wasm", facts=(("old_guest", "ok"),))
    assert render(finding, counted).splitlines() == [
        "| place | severity | code | message | old guest |",
        "|---|---|---|---|---|",
        "| wit/log.wit:2:7 | error | WIT0201 | no `strem`<br>write `stream` |  |",
        "| a.wasm | note | WIT2000 | two items | ok |",
        "",
    ]


def test_code_stays_code_and_nothing_else_is_markup() -> None:
    finding = error("WIT0201", "`list<u8>` | <b> *a*\nand & so on")
    assert "| `list<u8>` \\| &lt;b> \\*a\\*<br>and &amp; so on |" in render(finding)


def test_without_findings_there_is_no_table() -> None:
    assert render() == ""
