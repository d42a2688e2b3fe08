"""Random packages: nothing differs from itself, and what comes one way goes the other way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.diff.cases import write
from tests.differential.packages import Maker
from witkit.checks.diff import Comparison, Verdict, diff
from witkit.ir import ALL, Loaded, load

WORD = re.compile(r"\b[a-z][a-z0-9-]*\b")
SEEDS = range(30)


def package(folder: Path, texts: dict[str, str]) -> Loaded:
    for path, text in texts.items():
        write((folder / path).parent, Path(path).name, text)
    return load(folder, features=ALL)


def without_errors(seed: int, folder: Path) -> dict[str, str]:
    """The files of a random package. Some of them have errors; then the next one is tried."""
    return next(
        texts
        for number in range(seed, seed + 10_000, 1000)
        if package(folder / str(number), texts := Maker(number).files()).is_clean
    )


def changed(seed: int, texts: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same package with another of its words in place of one."""
    chance = Random(seed)
    paths = sorted(path for path in texts if "/" not in path and WORD.search(texts[path]))
    for _ in range(200):
        path = chance.choice(paths)
        words = list(WORD.finditer(texts[path]))
        old, new = chance.choice(words), chance.choice(words)
        yield {**texts, path: texts[path][: old.start()] + new.group() + texts[path][old.end() :]}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_package_does_not_differ_from_itself(seed: int, tmp_path: Path) -> None:
    texts = without_errors(seed, tmp_path)
    comparison = diff(package(tmp_path / "old", texts), package(tmp_path / "new", texts))
    assert comparison.changes == ()
    assert comparison.is_promised


@pytest.mark.parametrize("seed", SEEDS)
def test_there_and_back_are_mirror_images(seed: int, tmp_path: Path) -> None:
    """A guest that ran on the other side does so again once both have changed places."""
    texts = without_errors(seed, tmp_path)
    old = package(tmp_path / "old", texts)
    compared = 0
    for number, others in enumerate(changed(seed, texts)):
        new = package(tmp_path / f"new{number}", others)
        if old.package and new.package and str(old.package.name) == str(new.package.name):
            compared += 1
            assert_mirrored(diff(old, new), diff(new, old))
        if compared == 5:
            break
    assert compared > 0


def assert_mirrored(there: Comparison, back: Comparison) -> None:
    assert there.items == back.items
    assert bool(there.changes) is bool(back.changes)
    for one, other in ((there, back), (back, there)):
        old_guests_fail = any(c.judgement.old_guest is not Verdict.OK for c in one.changes)
        new_guests_fail = any(c.judgement.new_guest is not Verdict.OK for c in other.changes)
        assert old_guests_fail is new_guests_fail
