"""What witkit reports to the authors of broken drafts: packages with several mistakes each, some in several files."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.ir.conftest import reference
from witkit.checks import check
from witkit.ir import load
from witkit.text.render_text import render

PACKAGES = Path(__file__).resolve().parent / "packages"
NAMES = sorted(path.name for path in PACKAGES.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of(name: str, text_snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGES)
    assert render(check(load(name))) == text_snapshot


@pytest.mark.parametrize("name", NAMES)
def test_wasm_tools_refuses(name: str) -> None:
    assert reference("component", "wit", PACKAGES / name).returncode == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_place_is_complained_about_twice(name: str) -> None:
    places = [(d.where, d.primary.start) for d in load(PACKAGES / name).diagnostics if d.primary]
    allowed = 1 if name == "typos" else 0  # a missing `;` before a keyword that is not a name: two mistakes at one word
    assert len(places) - len(set(places)) == allowed
