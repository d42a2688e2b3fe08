"""What a build shows on a terminal while it works, and that nothing of it stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command_line import witkit_at_a_terminal
from tests.conftest import REPOSITORY


def _on_a_terminal(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and everything that the command writes to its terminal."""
    # Without what the tests keep of builds: this one is to take its time.
    return witkit_at_a_terminal(*arguments, cwd=folder, PYTHONPATH=str(REPOSITORY))


@pytest.mark.thorough
def test_the_seconds_of_a_build_that_fails_make_room_for_its_error(tmp_path: Path) -> None:
    (tmp_path / "w.wit").write_text("package a:b;\nworld w { export f: func(); }\n")
    (tmp_path / "app.py").write_text("class WitWorld:\n    def f(self): pass\n\n1 / 0\n")
    code, said = _on_a_terminal(tmp_path, "build", "--wit", "w.wit")
    assert code == 1
    seconds = [int(shown) for shown in re.findall(r"\rbuilding app with componentize-py … (\d+) s", said)]
    assert seconds
    assert seconds == sorted(set(seconds)), "each number is written once"
    before, _, after = re.sub(r"\x1b\[[\d;]*m", "", said).partition("\r\x1b[K")
    assert "error" not in before
    assert after.startswith("error[WIT0759]: importing the guest raised ZeroDivisionError")
