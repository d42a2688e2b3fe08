"""Packages of others: no release of WASI 0.2 breaks an earlier one, and nothing differs from itself."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.ir.conftest import ACCEPTED, CORPUS_CASES
from tests.work import calls
from witkit.checks.diff import diff
from witkit.ir import ALL, load

OWN = [*(case.path for case in ACCEPTED), *sorted({path.parent for path in REPOSITORY.glob("wit/*/*.wit")})]
VERSIONS = [f"0.2.{patch}" for patch in range(9)]


@pytest.mark.parametrize("package", ["wasi-http", "wasi-cli"])
def test_no_release_of_wasi_breaks_an_earlier_one(package: str, corpus: Path) -> None:
    loaded = [load(corpus / "releases" / f"{package}-{version}") for version in VERSIONS]
    for old, new in combinations(loaded, 2):
        comparison = diff(old, new)
        assert [change.message for change in comparison.changes if change.is_breaking] == []
        assert comparison.is_promised
        assert comparison.items > 200


def assert_equal_to_itself(path: Path) -> bool:
    """Whether there is something to compare."""
    old, new = (load(path, features=ALL) for _ in range(2))
    if not (old.resolve and any(p.interfaces or p.worlds for p in old.resolve.main)):
        return False
    comparison = diff(old, new)
    assert (comparison.changes, comparison.is_promised) == ((), True)
    return True


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_package_of_our_own_differs_from_itself(path: Path) -> None:
    assert assert_equal_to_itself(path)


@pytest.mark.skipif(not CORPUS_CASES, reason="needs the corpus at ../shared/corpus")
def test_no_package_of_others_differs_from_itself(corpus: Path) -> None:
    paths = [corpus / case["path"] for case in CORPUS_CASES[::3] if case["expect"] == "accept"]
    assert sum(map(assert_equal_to_itself, paths)) > 80


@pytest.mark.parametrize("names", [("wasi", "wasi"), ("wasi-keyvalue-draft", "wasi-keyvalue-draft2")], ids="+".join)
def test_a_comparison_is_less_work_than_loading(names: tuple[str, str]) -> None:
    old, new = (REPOSITORY / "wit" / name for name in names)
    loaded = load(old), load(new)
    assert calls(lambda: diff(*loaded)) < calls(lambda: load(new))
