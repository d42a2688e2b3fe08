"""Random values of random types, right and wrong: natively a guest gives what its component gives, or fails as it does.

`WITKIT_FUZZ=200` tries more of them, `WITKIT_FUZZ_WORLD=7` other types.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.guest.fuzzed.sides import Side, project
from tests.guest.fuzzed.ways import EXPORTED, IMPORTED, case
from tests.guest.fuzzed.world import Interface, Maker, text
from tests.sampled import every

SEEDS = range(int(os.environ.get("WITKIT_FUZZ", "3" if every() == 1 else "1")))
CASES = 50
WORLD = int(os.environ.get("WITKIT_FUZZ_WORLD", "1"))
GUEST = Path(__file__).parent / "fuzzed" / "values"
PROJECT = '[tool.witkit]\nworld = "fuzz"\n\n[tool.witkit.build]\napp = "fuzz_app"\nworld-module = "fuzz_world"\n'


class Fuzz:
    """The guest of one random world, and what both of its sides give for a seed's cases."""

    def __init__(self, folder: Path) -> None:
        guest = folder / "guest"
        shutil.copytree(GUEST, guest, ignore=shutil.ignore_patterns("__pycache__"))
        self.interfaces: dict[str, Interface] = Maker(WORLD).world(40)
        (guest / "wit").mkdir()
        (guest / "wit" / "fuzz.wit").write_text(text(self.interfaces))
        (guest / "pyproject.toml").write_text(PROJECT)
        made = project(guest, "fuzz", folder)
        self.kit: Any = import_module("fuzz_kit")
        self.names = self.kit.namespace(*(import_module(f"fuzz_host.{name}") for name in self.interfaces))
        host = {"shared": self.kit.Face(self.names), "both": self.kit.Face(self.names)}
        self.sides = [Side(run) for run in made.sides(host)]

    def outcomes(self, seed: int) -> Iterator[tuple[str, str, str, str]]:
        """Of each case: its way, what it is, what it gives in the component, and natively."""
        for number in range(CASES):
            one = case(seed * CASES + number, self.interfaces, self.names)
            wasm, native = (side.outcome(one.call, self.kit.describe) for side in self.sides)
            yield one.way, str(one), wasm, native


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", SEEDS)
def test_random_values_cross_natively_as_in_the_component(fuzz: Fuzz, seed: int) -> None:
    outcomes = list(fuzz.outcomes(seed))
    assert [f"{what} {wasm}, and natively {native}" for _, what, wasm, native in outcomes if wasm != native] == []


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_values_go_every_way_and_fail_on_each(fuzz: Fuzz) -> None:
    found = {(way, native.split()[0]) for seed in range(3) for way, _, _, native in fuzz.outcomes(seed)}
    ways = {*IMPORTED, *EXPORTED}
    assert {way for way, outcome in found if outcome in ("gives", "fails")} == ways
    assert {way for way, outcome in found if outcome in ("traps", "is")} == ways
