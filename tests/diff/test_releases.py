"""Packages of others: no release of WASI 0.2 breaks an earlier one, and nothing differs from itself."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.ir.conftest import CORPUS_CASES
from tests.work import calls
from witkit.checks.diff import diff
from witkit.ir import ALL, load

VERSIONS = [f"0.2.{patch}" for patch in range(9)]


@pytest.mark.parametrize("package", ["wasi-http", "wasi-cli"])
def test_no_release_of_wasi_breaks_an_earlier_one(package: str, corpus: Path) -> None:
    loaded = [load(corpus / "releases" / f"{package}-{version}") for version in VERSIONS]
    for old, new in combinations(loaded, 2):
        comparison = diff(old, new)
        assert [change.message for change in comparison.changes if change.is_breaking] == []
        assert comparison.is_promised
        assert comparison.items > 200


@pytest.mark.skipif(not CORPUS_CASES, reason="needs the corpus at ../shared/corpus")
def test_no_package_differs_from_itself(corpus: Path) -> None:
    compared = 0
    for case in CORPUS_CASES[::3]:
        if case["expect"] == "accept":
            old, new = (load(corpus / case["path"], features=ALL) for _ in range(2))
            if old.resolve and any(p.interfaces or p.worlds for p in old.resolve.main):
                comparison = diff(old, new)
                assert (comparison.changes, comparison.is_promised) == ((), True)
                compared += 1
    assert compared > 80


def test_a_comparison_is_less_work_than_loading(corpus: Path) -> None:
    old, new = (corpus / "releases" / f"wasi-http-{version}" for version in (VERSIONS[0], VERSIONS[-1]))
    loaded = load(old), load(new)
    assert calls(lambda: diff(*loaded)) < calls(lambda: load(new))
