"""Releases of WASI: none of the 0.2 versions breaks an earlier one."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from witkit.checks.diff import diff
from witkit.ir import load

VERSIONS = [f"0.2.{patch}" for patch in range(9)]


@pytest.mark.parametrize("package", ["wasi-http", "wasi-cli"])
def test_no_release_of_wasi_breaks_an_earlier_one(package: str, corpus: Path) -> None:
    loaded = [load(corpus / "releases" / f"{package}-{version}") for version in VERSIONS]
    for old, new in combinations(loaded, 2):
        comparison = diff(old, new)
        assert [change.message for change in comparison.changes if change.is_breaking] == []
        assert comparison.is_promised
        assert comparison.items > 200
