"""What could end the process, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sampled import examples


@pytest.mark.parametrize("seed", range(2))
def test_a_random_program_that_misuses_handles_is_never_ended_by_it(seed: int, repository: Path) -> None:
    run = [sys.executable, "-m", "tests.runtime.handle_program", str(seed), "1500"]
    done = subprocess.run(run, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "sound\n", "")


def test_damaged_components_never_end_the_process(repository: Path) -> None:
    run = [sys.executable, "-m", "tests.runtime.core.hostile", "1", str(min(2000, examples(8000)))]
    done = subprocess.run(run, cwd=repository, capture_output=True, text=True, timeout=900, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "refused" in done.stdout
    assert "ran" in done.stdout
