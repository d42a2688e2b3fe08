"""Ninety edits of a package, in each direction and taken back, with what they mean; wasm-tools is the witness."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.diff.cases import Case, cases, compare, row, witness
from witkit.checks.diff.kinds import Kind

CASES = cases()
IDS = [f"{case.page}: {case.title}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_an_edit_means_what_its_table_says(case: Case, tmp_path: Path) -> None:
    found = {}
    for name, old, new, way in case.ways():
        comparison = compare(tmp_path / name, old, new, way)
        found[name] = row(comparison.changes)
    assert found == {name: cells[:-1] for name, cells in case.rows.items()}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_wasm_tools_says_the_same_or_the_case_says_why_not(case: Case, tmp_path: Path) -> None:
    differences = []
    for name, old, new, way in case.ways():
        said, verdict = witness(tmp_path / name, old, new, way), case.rows[name][1]
        assert said == case.rows[name][-1]
        if (said == "ok") is not (verdict == "ok"):
            differences.append(name)
    assert bool(differences) is bool(case.reason), differences


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_an_old_guest_on_a_new_host_is_a_new_guest_on_an_old_host_once_the_edit_is_taken_back(case: Case) -> None:
    for way in case.old.texts():
        there, back = case.rows[way], case.rows[f"{way}, back"]
        assert (there[1] == "ok") is (back[2] == "ok")
        assert (there[2] == "ok") is (back[1] == "ok")


def test_every_change_has_its_places(tmp_path: Path) -> None:
    for number, case in enumerate(CASES):
        for name, old, new, way in case.ways():
            for change in compare(tmp_path / f"{number} {name}", old, new, way).changes:
                assert change.old is not None
                assert change.new is not None
                assert "/old/" in change.old.source.name
                assert "/new/" in change.new.source.name


def test_the_edits_have_every_kind_of_change() -> None:
    shown = {kind for case in CASES for cells in case.rows.values() for kind in cells[0].split(", ")}
    assert {kind.title for kind in Kind} - shown == set()


def test_the_page_has_the_figures() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
    rows = [(case, cells) for case in CASES for cells in case.rows.values()]
    breaking = [(case, cells) for case, cells in rows if cells[5] == "major"]
    passing = [(case, cells) for case, cells in breaking if cells[6] == "ok"]
    old_guests = [case for case, cells in passing if cells[1] == "breaks"]
    text = " ".join(page.split())
    assert f"the two for {len(CASES)} edits" in text
    assert (
        f"Of {len(rows)} comparisons, {len(breaking)} break somebody. wasm-tools calls {len(passing)} of them" in text
    )
    of_new_guests = sum(cells[1] == "ok" and cells[2] != "ok" for _, cells in passing)
    of_dependencies = sum(case.page == "uses" for case in old_guests)
    counts = [of_new_guests, len(passing) - of_new_guests - len(old_guests), len(old_guests) - of_dependencies]
    assert re.findall(r"^\| .* \| (\d+) \| ", page, re.MULTILINE) == [str(n) for n in (*counts, of_dependencies)]
