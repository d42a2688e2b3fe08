"""Whatever WIT calls its items, the generated code works: also by the names that the code itself uses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bindgen import every_name
from tests.bindgen.worlds import dummy, run, tool
from tests.conftest import PYTEST
from tests.generated import write
from tests.judged import judged
from tests.sampled import portion, sampled
from witkit.bindgen import generate
from witkit.ir import load

KINDS = ("interfaces", "members", "functions", "world", "types", "labels")

ALWAYS = {"annotations", "abi", "int", "err", "protocol", "self", "class", "match", "mro"}
"""Names of every sort, which are in every sample."""

_IMPORT_ALL = """
import importlib, pathlib, sys
for file in sorted(pathlib.Path().rglob("*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
"""

_CALL_GUEST = """
from witkit.native import bound
from wit_world.imports import called

class Implementation:
    def __getattr__(self, name):
        return lambda text, number: [(number, text, True, 0.5)]

with bound({"called": Implementation()}):
    functions = [name for name in called.__all__ if name != "zz_all"]
    for name in functions:
        assert getattr(called, name)("x", 1) == [(1, "x", True, 0.5)], name
print(len(functions))
"""

_CALL_HOST = """
import made
from witkit import runtime

with made.WComponent.load("dummy.wasm").instantiate(called=None, optional=["called"]) as instance:
    try:
        instance.called.abi("x", 1)
    except runtime.Trap:
        print("called")
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each kind of item, with host and guest bindings in which all of that kind have such names."""
    folder = tmp_path_factory.mktemp("names")
    texts = [
        file.read_text()
        for wit in (every_name.RICH, every_name.ASYNC)
        for file in _generated(wit, folder / str(len(wit))).rglob("*.py")
    ]
    # A guest's world may not have a type of this name.
    names = every_name.wit_names(every_name.names_used(texts) - {"wit_world", "WitWorld"})
    assert set(names) >= ALWAYS
    found = every_name.packages(sorted(ALWAYS.union(sampled(names, of="bindgen"))))
    assert found.keys() == set(KINDS)
    return {kind: _generated(wit, folder / kind) for kind, wit in found.items()}


def _generated(wit: str, folder: Path) -> Path:
    folder.mkdir()
    (folder / "w.wit").write_text(wit)
    world = load(folder / "w.wit").world(None)
    write(generate(world, "host", package="made"), folder / "host")
    write(generate(world, "guest", allow=True), folder / "guest")
    return folder


@pytest.mark.parametrize("side", ["host", "guest"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_module_can_be_imported(packages: dict[str, Path], kind: str, side: str) -> None:
    done = judged(sys.executable, "-W", "error", "-c", _IMPORT_ALL, cwd=packages[kind] / side)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("side", "package"), [("host", "made"), ("guest", "wit_world")])
@pytest.mark.parametrize("kind", KINDS)
def test_mypy_finds_nothing(repository: Path, packages: dict[str, Path], kind: str, side: str, package: str) -> None:
    folder = packages[kind] / side
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {repository}\n")
    beside = ["-m", "wit_world_guest"] if side == "guest" else []
    done = judged(tool("mypy"), "-p", package, *beside, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_guest_calls_functions_of_every_name(packages: dict[str, Path]) -> None:
    done = run(sys.executable, "-W", "error", "-c", _CALL_GUEST, cwd=packages["functions"] / "guest")
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > portion(200)


def test_a_component_with_functions_of_every_name_is_loaded_and_called(packages: dict[str, Path]) -> None:
    folder = packages["functions"] / "host"
    made = dummy(folder.parent / "w.wit", "w", folder)
    assert made.returncode == 0, made.stderr
    done = run(sys.executable, "-W", "error", "-c", _CALL_HOST, cwd=folder)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "called\n")


@pytest.mark.parametrize(
    ("world", "package", "cls"),
    [
        ("class", "class_", "Class"),
        ("none", "none", "None_"),
        ("types", "types_world", "Types"),
        ("json", "json_world", "Json"),
        ("witkit", "witkit_world", "Witkit"),
        ("list", "list", "List"),
        ("annotations", "annotations", "Annotations"),
        ("component", "component", "Component"),
        ("literal", "literal", "Literal"),
        ("self", "self", "Self"),
    ],
)
def test_a_world_of_any_name_has_a_package_that_works(
    repository: Path, tmp_path: Path, world: str, package: str, cls: str
) -> None:
    text = f"package a:b; interface i {{ f: func(); }} world %{world} {{ import i; export i; export g: func(); }}"
    (tmp_path / "w.wit").write_text(text)
    write(generate(load(tmp_path / "w.wit").world(None), "host"), tmp_path)
    done = judged(sys.executable, "-W", "error", "-c", f"from {package} import {cls}, {cls}Component", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {repository}\n")
    done = judged(tool("mypy"), "-p", package, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


_COLLECTED = """
from made.i import TestCase, I
from wit_world.imports.i import TestResult, test_it


def test_nothing_else_is_collected() -> None:
    assert TestCase and I and TestResult and test_it
"""


def test_pytest_takes_nothing_generated_for_a_test(tmp_path: Path) -> None:
    types = "record test-case { a: u8 } record test-result { a: u8 } test-it: func(a: test-case) -> test-result;"
    (tmp_path / "w.wit").write_text(f"package a:b; interface i {{ {types} }} world w {{ import i; }}")
    world = load(tmp_path / "w.wit").world("w")
    write(generate(world, "host", package="made"), tmp_path)
    write(generate(world, "guest"), tmp_path)
    (tmp_path / "test_own.py").write_text(_COLLECTED)
    done = run(sys.executable, *PYTEST, "-W", "error", cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout
