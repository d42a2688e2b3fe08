"""The formats for programs: JSON and the workflow commands of GitHub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from witkit.text import Diagnostic, Edit, Fix, Related, Severity, Source, error
from witkit.text.formats import FORMATS

SOURCE = Source("wit/log.wit", "interface log {\n  use strem;\n}\n")
PLACE = SOURCE.span(22, 27)


def test_json_has_every_key_of_a_finding() -> None:
    fix = Fix("write `stream`", (Edit(PLACE, "stream"),))
    related = (Related(SOURCE.span(10, 13), "used in"),)
    finding = Diagnostic("WIT0201", Severity.ERROR, "no `strem`", PLACE, "here", related, "write `stream`", fix)
    place = {"file": "wit/log.wit", "line": 2, "column": 7, "end_line": 2, "end_column": 12}
    assert json.loads(FORMATS["json"].render([finding])) == [
        {
            **place,
            "severity": "error",
            "code": "WIT0201",
            "rule": None,
            "message": "no `strem`",
            "help": "write `stream`",
            "related": [
                {"file": "wit/log.wit", "line": 1, "column": 11, "end_line": 1, "end_column": 14, "message": "used in"}
            ],
            "fix": {"title": "write `stream`", "safe": True, "edits": [{**place, "text": "stream"}]},
        }
    ]


def test_json_says_null_for_what_a_finding_does_not_have() -> None:
    (found,) = json.loads(FORMATS["json"].render([error("WIT0501", "nothing there")]))
    assert [found[key] for key in ("file", "line", "column", "end_line", "end_column", "help", "fix")] == [None] * 7
    assert found["related"] == []


def test_json_of_nothing_is_an_empty_array() -> None:
    assert FORMATS["json"].render([]) == "[]\n"


def test_json_survives_a_lone_surrogate_in_a_message() -> None:
    assert FORMATS["json"].render([error("WIT0103", "\ud800 é")]).isascii()


def test_github_marks_columns_within_one_line() -> None:
    assert FORMATS["github"].render([error("WIT0201", "no `strem`", PLACE, help="write `stream`")]) == (
        "::error file=wit/log.wit,line=2,endLine=2,col=7,endColumn=12,title=WIT0201"
        "::no `strem`%0Ahelp: write `stream`\n"
    )


def test_github_gives_no_columns_for_several_lines() -> None:
    assert "col=" not in FORMATS["github"].render([error("WIT0201", "x", SOURCE.span(0, 30))])


def test_github_escapes_what_would_end_a_value() -> None:
    line = FORMATS["github"].render([error("WIT0501", "50%\r\n::error::not a command", file="a:b,c%.wit")])
    assert line == "::error file=a%3Ab%2Cc%25.wit,title=WIT0501::50%25␍%0A::error::not a command\n"


def test_github_annotates_ten_of_a_kind_and_lists_the_rest() -> None:
    errors = [error("WIT0201", f"number {n}", PLACE) for n in range(12)]
    warnings = [Diagnostic("WIT0401", Severity.WARNING, "old", PLACE)]
    lines = FORMATS["github"].render([*warnings, *errors]).splitlines()
    assert [line.startswith("::error ") for line in lines] == [True] * 10 + [False] * 4
    assert lines[10].startswith("2 more of severity error")
    assert "number 11" in lines[12]
    assert lines[13].startswith("::warning ")


def test_github_names_files_from_the_top_of_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "sub")
    assert "file=sub/wit/log.wit," in FORMATS["github"].render([error("WIT0201", "x", PLACE)])


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_takes_every_severity(format: str) -> None:
    texts = [FORMATS[format].render([Diagnostic("WIT0000", severity, "x", file="a.wit")]) for severity in Severity]
    assert all("WIT0000" in text and "a.wit" in text for text in texts)
    assert len(set(texts)) == len(Severity)
