"""A guest under this Python can import what is in a component, and nothing else."""

from __future__ import annotations

import builtins
import importlib
import sys
from pathlib import Path

import pytest

from witkit.cli.group import run
from witkit.native import bound

APP = """
import wit_world
try:
    import bz2
except ImportError as missing:
    bz2 = missing
try:
    from os import fork
except ImportError as missing:
    fork = missing
import helper, pkg, importlib

class WitWorld(wit_world.WitWorld):
    def go(self, what):
        if what == "standard":
            import csv
            import xml.sax.handler
        elif what == "early":
            import helper
            from pkg import VALUE
        elif what == "caught":
            return f"{bz2} / {fork}"
        elif what == "late":
            import late
        elif what == "below":
            from pkg import late
        elif what == "relative":
            return pkg.below()
        elif what == "lacking":
            import ssl
        elif what == "late by name":
            importlib.import_module(".late", "pkg")
        elif what == "lacking by name":
            importlib.import_module("ssl")
        elif what == "lacking by call":
            __import__("ssl")
        elif what == "early by name":
            importlib.import_module("csv"), importlib.import_module("helper"), __import__("helper")
        return what
"""
FILES = {
    "wit/w.wit": "package test:imports; world w { export go: func(what: string) -> string; }",
    "app.py": APP,
    "helper.py": "",
    "late.py": "",
    "pkg/__init__.py": "VALUE = 1\ndef below():\n    from . import late\n",
    "pkg/late.py": "",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("what", ["standard", "early", "early by name"])
def test_what_is_in_memory_can_be_imported(what: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "--invoke", "go", "app.py", what]) == 0
    assert capsys.readouterr().out == f'"{what}"\n'


def test_what_a_component_lacks_may_be_caught(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "--invoke", "go", "app.py", "caught"]) == 0
    said = capsys.readouterr().out
    assert "No module named 'bz2': the Python of a component does not have `bz2`" in said
    assert "cannot import name 'fork' from 'os'" in said


NO_FILES = "a component does not have the module's file at run time"
LACKING = "No module named 'ssl': the Python of a component does not have `ssl`"


@pytest.mark.parametrize(
    ("what", "reported"),
    [
        ("late", f"No module named 'late': {NO_FILES}"),
        ("below", f"No module named 'pkg.late': {NO_FILES}"),
        ("relative", f"No module named 'pkg.late': {NO_FILES}"),
        ("late by name", f"No module named 'pkg.late': {NO_FILES}"),
        ("lacking", LACKING),
        ("lacking by name", LACKING),
        ("lacking by call", LACKING),
    ],
)
def test_what_is_not_in_memory_cannot(
    what: str, reported: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "--invoke", "go", "app.py", what]) == 1
    assert reported in capsys.readouterr().err


def test_a_guest_may_take_a_name_that_only_this_python_has(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "resource.py").write_text("VALUE = 'own'\n")
    text = APP.replace("import helper, pkg", "import resource, helper, pkg")
    (project / "app.py").write_text(text.replace("return what", "return resource.VALUE"))
    assert run(["run", "--invoke", "go", "app.py", "x"]) == 0
    assert capsys.readouterr().out == '"own"\n'


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python can read the guest")
def test_a_guest_in_newer_python_is_reported_at_its_place(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "helper.py").write_text("x = 1\ntry: pass\nexcept ValueError, TypeError: pass\n")
    assert run(["run", "--invoke", "go", "app.py", "x"]) == 1
    said = capsys.readouterr().err
    assert said.count("error[") == 1
    assert "a component has Python 3.14, but witkit runs under Python 3." in said
    assert "helper.py:3:1" in said
    assert "run witkit under Python 3.14" in said


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python has the module")
def test_what_only_the_components_python_has_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "helper.py").write_text("import annotationlib\n")
    assert run(["run", "--invoke", "go", "app.py", "x"]) == 1
    assert "Python 3.14, which a component has, can import it; this Python cannot" in capsys.readouterr().err


def test_imports_are_those_of_python_when_nothing_is_bound() -> None:
    before = builtins.__import__, importlib.import_module
    with bound({}), bound({}):
        assert builtins.__import__ is not before[0]
        assert importlib.import_module is not before[1]
        assert importlib.import_module("bz2")
        import bz2  # of a module that is not guest's

        assert bz2
    assert (builtins.__import__, importlib.import_module) == before
