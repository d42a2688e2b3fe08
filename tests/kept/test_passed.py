"""What passed on the same content is left out of a run of all tests, and only of that."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
LEFT_OUT = "left out, as it passed on the same content: 1 (tests/passed.py)"
CONFTEST = """from pathlib import Path

from tests.passed import Passed

def pytest_configure(config):
    config.pluginmanager.register(Passed(config, Path(__file__).parent.parent / ".cache" / "passed"))
"""
TEST = """from pathlib import Path

def test_the_page_is_right():
    assert "wrong" not in (Path(__file__).parents[2] / "docs" / "page.md").read_text()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one test that is kept, which reads a page, and one that is not."""
    project = tmp_path / "project"
    for name, text in {
        ".gitignore": ".cache/\n__pycache__/\n.pytest_cache/\n",
        "docs/page.md": "right\n",
        "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["tests"]\npythonpath = ["."]\n',
        "tests/conftest.py": CONFTEST,
        "tests/docs/test_page.py": TEST,
        "tests/house/test_always.py": "def test_always(): pass\n",
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    shutil.copy(TESTS / "passed.py", project / "tests")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    return project


def run(project: Path, *arguments: str) -> str:
    """What the run says after its tests, without the time."""
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    # The project's own `tests` is imported; the variables of the run around this one say nothing to it.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHONPATH"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    last = [
        line.partition(" in ")[0]
        for line in done.stdout.splitlines()
        if re.match(r"\d+ (passed|failed)|left out", line)
    ]
    return "; ".join(last)


def test_what_passed_is_left_out_until_something_changes(project: Path) -> None:
    assert run(project) == "2 passed"
    assert run(project) == f"{LEFT_OUT}; 1 passed, 1 deselected"
    (project / "docs" / "page.md").write_text("another\n", encoding="utf-8")
    assert run(project) == "2 passed"
    (project / "module.py").write_text("", encoding="utf-8")
    assert run(project) == "2 passed"


def test_what_failed_runs_again(project: Path) -> None:
    (project / "docs" / "page.md").write_text("wrong\n", encoding="utf-8")
    assert [run(project) for _ in range(2)] == ["1 failed, 1 passed"] * 2


def test_what_is_named_runs_again(project: Path) -> None:
    run(project)
    assert run(project, "tests/docs") == "1 passed"
    assert run(project, "-k", "page") == "1 passed, 1 deselected"


def test_workers_leave_out_the_same(project: Path) -> None:
    workers = ("-p", "xdist.plugin", "-n", "2")
    assert run(project, *workers) == "2 passed"
    assert run(project, *workers) == f"{LEFT_OUT}; 1 passed"
