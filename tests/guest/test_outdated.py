"""Tests of a guest say so if its interface has changed, but not its bindings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import PYTEST
from witkit.cli.group import run
from witkit.componentize.scaffold import NewGuest, create


@pytest.fixture
def project(tmp_path: Path) -> Path:
    create(NewGuest(tmp_path / "shop"))
    return tmp_path / "shop"


def _tested(project: Path, *options: str) -> str:
    command = [sys.executable, *PYTEST, *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True).stdout


def _changed(project: Path, old: str, new: str) -> None:
    """Change the interface; later than the bindings, whatever the resolution of the file system's times."""
    wit = project / "wit" / "shop.wit"
    text = wit.read_text()
    assert old in text
    wit.write_text(text.replace(old, new))
    later = time.time_ns() + 10**9
    os.utime(wit, ns=(later, later))


WARNING = "the guest's bindings do not match its interface any more: run `witkit gen`"


@pytest.mark.thorough
def test_tests_against_old_bindings_say_so_once(project: Path) -> None:
    assert "warning" not in _tested(project)
    _changed(project, "func(name: string)", "func(name: string, loud: bool)")
    said = _tested(project)
    assert said.count(WARNING) == 1
    assert "2 passed, 1 warning" in said
    assert run(["gen", "--project", str(project)]) == 0
    assert WARNING not in _tested(project)


def test_an_interface_that_only_looks_newer_is_none(project: Path) -> None:
    _changed(project, "world shop", "world shop")
    assert "warning" not in _tested(project)


def test_an_interface_with_mistakes_is_one_that_has_changed(project: Path) -> None:
    _changed(project, "-> string", "-> strung")
    assert WARNING in _tested(project)
    assert "UserWarning" in _tested(project, "-W", "error")


def test_bindings_that_nothing_is_known_of_are_left_alone(project: Path) -> None:
    settings = (project / "pyproject.toml").read_text()
    (project / "pyproject.toml").write_text(settings.replace('out = "bindings"', 'out = "elsewhere"'))
    _changed(project, "func(name: string)", "func(name: string, loud: bool)")
    assert "warning" not in _tested(project)


@pytest.mark.thorough
def test_tests_that_use_the_bindings_of_another_project_say_so(project: Path, tmp_path: Path) -> None:
    create(NewGuest(tmp_path / "other"))
    (tmp_path / "other" / "tests" / "test_app.py").rename(tmp_path / "other" / "tests" / "test_other.py")
    said = _tested(tmp_path, "shop", "other")
    assert "4 passed, 1 warning" in said
    assert f"the tests of {tmp_path / 'other'} use the bindings, and perhaps the guest, of {project}" in said
    assert "warning" not in _tested(tmp_path, "other")
