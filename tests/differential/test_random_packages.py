"""Random packages with several files, dependencies, gates and comments, judged as wasm-tools judges them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.compare import FEATURES, difference, made
from tests.sampled import sampled

FLAGS = list(FEATURES)


@pytest.mark.parametrize("seed", sampled(range(60)))
def test_a_random_package_is_understood_as_by_wasm_tools(seed: int, tmp_path: Path) -> None:
    assert difference(made(seed, change=False), tmp_path, FLAGS[seed % 3]) == ""


@pytest.mark.parametrize("seed", sampled(range(1000, 1060)))
def test_a_changed_random_package_is_judged_as_by_wasm_tools(seed: int, tmp_path: Path) -> None:
    assert difference(made(seed, change=True), tmp_path, FLAGS[seed % 3]) == ""


def test_random_packages_have_everything_that_the_language_has() -> None:
    everything = "\n".join(text for seed in range(60) for text in made(seed, change=False).values())
    for word in (
        "include",
        " with {",
        "constructor",
        "@since",
        "@unstable",
        "@external-id",
        "/**",
        "static",
        "borrow<",
    ):
        assert word in everything
