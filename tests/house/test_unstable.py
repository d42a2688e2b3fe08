"""A test that fails in CI runs once more, whatever ended it, and the end of the run says why it failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PYTEST

CONFTEST = """
from tests import unstable
from tests.spread import Spread

def pytest_xdist_make_scheduler(config, log):
    return Spread(config, log)

def pytest_terminal_summary(terminalreporter):
    unstable.print_first_failures(terminalreporter)
"""

TESTS = """
import os, pathlib, pytest

def once(name):
    try:
        (pathlib.Path(__file__).parent / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True

@pytest.fixture(scope="module")
def server():
    if once("module"):
        raise OSError("no server yet")

@pytest.fixture
def ending():
    yield
    if once("teardown"):
        raise OSError("no end yet")

def test_server(server): pass
def test_ending(ending): pass
def test_call():
    print("written before")
    assert not once("call"), "too early"
def test_crash():
    if once("crash"):
        os._exit(1)
def test_more(): pass
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("unstable")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_some.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\n")
    repository = Path(__file__).parents[2]
    options = ["-n", "2", "--dist", "loadgroup", "--reruns", "1"]
    ran = subprocess.run(
        [sys.executable, *PYTEST[:-2], "-c", str(folder / "pytest.ini"), *options, str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(repository)},
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


@pytest.mark.parametrize(
    "said", ["OSError: no server yet", "OSError: no end yet", "AssertionError: too early", "crashed while running"]
)
def test_a_test_that_passes_when_it_runs_again_does_not_fail_the_run_and_says_why_it_failed(
    output: str, said: str
) -> None:
    assert said in output.partition("failed at first, passed when run again")[2]


def test_what_it_wrote_is_shown_as_well(output: str) -> None:
    assert "written before" in output.partition("failed at first, passed when run again")[2]
