"""One slip is one finding, which says what to write instead; who follows it gets WIT."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mistakes.slips import Slip, applied, findings, read, shown

ALL = read()
CORRECTED = [slip for slip in ALL if slip.corrected]


@pytest.mark.parametrize("slip", ALL, ids=str)
def test_a_slip_is_one_finding(slip: Slip, tmp_path: Path) -> None:
    assert [shown(found) for found in findings(slip.text, tmp_path)] == [slip.finding]


@pytest.mark.parametrize("slip", CORRECTED, ids=str)
def test_what_the_finding_asks_for_is_wit(slip: Slip, tmp_path: Path) -> None:
    assert [shown(found) for found in findings(slip.corrected, tmp_path)] == []


@pytest.mark.thorough
def test_half_a_slip_names_nothing_that_is_not_there(tmp_path: Path) -> None:
    for slip in ALL:
        for end in range(0, len(slip.text), 7):
            said = [shown(found) for found in findings(slip.text[:end], tmp_path)]
            assert not any(re.search(r"\?\d", text) for text in said), slip.text[:end]


def test_fixes_write_what_the_findings_ask_for(tmp_path: Path) -> None:
    fixed = 0
    for slip in ALL:
        [found] = findings(slip.text, tmp_path)
        if found.fix is not None:
            assert applied(slip.text, found.fix) == slip.corrected, slip
            fixed += 1
    assert fixed > 100


@pytest.mark.parametrize("origin", ["rust", "typescript", "protobuf", "c", "old-wit", "wit"])
def test_there_are_slips_of(origin: str) -> None:
    assert len([slip for slip in ALL if slip.origin == origin]) >= 12
