"""Random programs with handles, of the guest's own and of its host's resources, natively and in the component.

`WITKIT_FUZZ=200` tries more of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.guest.fuzzed.boxes import Things
from tests.guest.fuzzed.programs import Programs
from tests.guest.fuzzed.sides import Project, project
from tests.guest.fuzzed.talk import STRICTER, talk
from tests.sampled import every

SEEDS = range(int(os.environ.get("WITKIT_FUZZ", "3" if every() == 1 else "1")))
PROGRAMS = 30
GUEST = Path(__file__).parent / "fuzzed" / "handles"


@pytest.fixture(scope="module")
def handles(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project(GUEST, "handles", tmp_path_factory.mktemp("handles"))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", [Programs.guest, Programs.host], ids=["guest", "host"])
def test_random_programs_do_natively_with_handles_what_they_do_in_the_component(
    handles: Project, seed: int, make: Callable[[Programs], list[str]]
) -> None:
    programs = Programs(seed)
    wasm, native = handles.sides({"things": Things(handles.package.things)})
    different = []
    for lines in (make(programs) for _ in range(PROGRAMS)):
        (expected, _), (found, reason) = talk(wasm, lines), talk(native, lines)
        if found != expected and STRICTER not in reason:
            different.append((lines, expected, found))
    assert different == []


def test_programs_end_well_and_badly(handles: Project) -> None:
    _, native = handles.sides({"things": Things(handles.package.things)})
    programs = Programs(0)
    ends: list[Any] = [talk(native, make())[0][-1] for make in (programs.guest, programs.host) for _ in range(30)]
    assert 10 < ends.count("traps") < 50
