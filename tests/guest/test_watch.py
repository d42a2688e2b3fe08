"""`witkit run --watch`: which changes count, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from witkit.program.watch import snapshot

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"
WIT = """package a:b;
world w { export wasi:cli/run@0.2.0; }
package wasi:cli@0.2.0 { interface run { run: func() -> result; } }
"""
APP = """
import time
import words

class Run:
    def run(self):
        print(words.WORD, flush=True)
        while True:
            time.sleep(0.1)
"""


def _names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in snapshot(folder)}


def test_only_what_belongs_to_the_guest_is_watched(tmp_path: Path) -> None:
    for name in ["app.py", "wit/w.wit", "a/b/c.py", "app.wasm", "notes.txt", ".venv/x.py", "node_modules/x.py"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "env" / "lib").mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "env" / "lib" / "x.py").touch()
    assert _names(tmp_path) == {"app.py", "wit/w.wit", "a/b/c.py", "app.wasm"}


def test_links_are_followed_but_not_in_circles_and_not_to_nowhere(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (elsewhere / "o.wit").touch()
    (project / "deps").symlink_to(elsewhere)
    (project / "circle").symlink_to(project)
    (project / "gone.py").symlink_to(tmp_path / "nothing")
    assert _names(project) == {"deps/o.wit"}
    assert snapshot(tmp_path / "nothing") == {}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"wit/w.wit": WIT, "src/app.py": APP, "src/words.py": 'WORD = "first"\n'}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@contextmanager
def _watched(folder: Path, output: Path, *options: str, **environment: str) -> Iterator[None]:
    """`witkit run --watch app.py`, which writes to the file `output`, until Ctrl-C."""
    command = [sys.executable, "-m", "witkit", "run", "--watch", *options, "app.py"]
    with output.open("w") as sink:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=sink,
            stderr=sink,
            env=os.environ | environment,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        try:
            yield
        finally:
            # As a terminal does: to the program and to what watches it.
            os.killpg(process.pid, signal.SIGINT)
            code = process.wait(timeout=60)
    assert code == 0, output.read_text()


def test_the_whole_project_is_watched_and_ctrl_c_leaves_nothing_behind(project: Path, tmp_path: Path) -> None:
    output, temporary = tmp_path / "output.log", tmp_path / "temporary"
    temporary.mkdir()
    with _watched(project / "src", output, TMPDIR=str(temporary)):
        _wait_for(output, "first")
        (project / "wit" / "w.wit").write_text(WIT + "// changed\n")
        _wait_for(output, "running again")
        _wait_for(output, "first\n", 2)
    assert list(temporary.iterdir()) == []


@pytest.mark.thorough
def test_a_program_that_has_ended_runs_again_after_a_change(tmp_path: Path) -> None:
    project, output = tmp_path / "orders", tmp_path / "output.log"
    shutil.copytree(ORDERS, project, ignore=shutil.ignore_patterns("*.wasm", ".*", "__pycache__", "bindings"))
    with _watched(project, output, "--key-value", "memory"):
        _wait_for(output, "stock    tea: 38")
        text = (project / "app.py").read_text()
        (project / "app.py").write_text(text.replace('("tea", 2)', '("tea", 5)'))
        _wait_for(output, "stock    tea: 35")


def _wait_for(file: Path, text: str, times: int = 1) -> None:
    end = time.monotonic() + 60
    while file.read_text().count(text) < times:
        assert time.monotonic() < end, file.read_text()
        time.sleep(0.1)
