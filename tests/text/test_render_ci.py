"""The formats for services: GitLab's Code Quality, JUnit and SARIF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.text.sarif_schema import SARIF
from witkit.text import Diagnostic, Edit, Fix, Related, Severity, Source, error
from witkit.text.formats import FORMATS, Description

SOURCE = Source("wit/a log.wit", "interface log {\n  use strem.{s};\n}\n")
PLACE = SOURCE.span(22, 27)
FIX = Fix("write `stream`", (Edit(PLACE, "stream"), Edit(SOURCE.span(0, 0), "// ü\n")))
FINDING = Diagnostic(
    "WIT1601",
    Severity.WARNING,
    "no `strem`",
    PLACE,
    related=(Related(SOURCE.span(10, 13), "used in"),),
    help="write it",
    fix=FIX,
    rule="unused-use",
    item="ns:pkg/log.s",
)
EVERYTHING = [
    FINDING,
    FINDING,
    error("WIT0501", "nowhere"),
    error("WIT0504", "a file <&>\x1b[0m", file="wit/ä.wit"),
    Diagnostic("WIT0114", Severity.NOTE, "the rest was not read", PLACE),
]


def describe(code: str) -> Description | None:
    return Description("unused-use", "Unused.", "# unused-use\n") if code == "WIT1601" else None


def sarif(found: list[Diagnostic]) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(FORMATS["sarif"].render(found, describe=describe))
    jsonschema.validate(log, SARIF)
    return log


def gitlab(found: list[Diagnostic]) -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = json.loads(FORMATS["gitlab"].render(found))
    return issues


def test_sarif_is_valid_with_and_without_findings() -> None:
    assert [r["ruleId"] for r in sarif(EVERYTHING)["runs"][0]["results"]] == [d.code for d in EVERYTHING]
    assert sarif([])["runs"][0]["results"] == []


def test_sarif_describes_each_rule_once() -> None:
    run = sarif(EVERYTHING)["runs"][0]
    first, *others = run["tool"]["driver"]["rules"]
    assert (first["id"], first["name"], first["help"]["markdown"]) == ("WIT1601", "unused-use", "# unused-use\n")
    assert [rule["id"] for rule in others] == ["WIT0501", "WIT0504", "WIT0114"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 0, 1, 2, 3]


def test_sarif_has_places_and_fixes() -> None:
    result = sarif([FINDING])["runs"][0]["results"][0]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "wit/a%20log.wit"},
                "region": {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 12},
            },
            "logicalLocations": [{"fullyQualifiedName": "ns:pkg/log.s"}],
        }
    ]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert [r["insertedContent"]["text"] for r in change["replacements"]] == ["stream", "// ü\n"]


def test_a_fingerprint_does_not_depend_on_the_line() -> None:
    moved = Source(SOURCE.name, "\n\n" + SOURCE.text)
    later = Diagnostic(
        FINDING.code, FINDING.severity, FINDING.message, moved.span(24, 29), rule=FINDING.rule, item=FINDING.item
    )
    syntax = error("WIT0103", "what", PLACE), error("WIT0103", "what", moved.span(24, 29))
    assert gitlab([FINDING])[0]["fingerprint"] == gitlab([later])[0]["fingerprint"]
    assert gitlab([syntax[0]])[0]["fingerprint"] == gitlab([syntax[1]])[0]["fingerprint"]


def test_equal_findings_have_different_fingerprints() -> None:
    marks = {issue["fingerprint"] for issue in gitlab(EVERYTHING)}
    results = sarif(EVERYTHING)["runs"][0]["results"]
    assert len(marks) == len(EVERYTHING)
    assert marks == {result["partialFingerprints"]["witkit/v1"] for result in results}


def test_gitlab_gets_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path / "sub")
    first, _, nowhere, file, note = gitlab(EVERYTHING)
    assert (first["description"], first["check_name"], first["severity"]) == ("no `strem`", "unused-use", "minor")
    assert first["location"] == {"path": "sub/wit/a log.wit", "lines": {"begin": 2, "end": 2}}
    assert (nowhere["severity"], nowhere["location"]["path"]) == ("major", "sub")
    assert file["location"]["path"] == "sub/wit/ä.wit"
    assert note["severity"] == "info"


def test_junit_counts_errors_and_warnings_as_failures() -> None:
    suite = ElementTree.fromstring(FORMATS["junit"].render(EVERYTHING))[0]
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("5", "4")
    assert [case.find("failure") is not None for case in suite] == [True, True, True, True, False]
    assert suite[0].attrib["name"] == "WIT1601 unused-use 2:7"


def test_junit_of_nothing_is_one_case_that_passes() -> None:
    suite = ElementTree.fromstring(FORMATS["junit"].render([]))[0]
    assert (suite.attrib["tests"], suite.attrib["failures"], len(suite), len(suite[0])) == ("1", "0", 1, 0)
