"""`witkit build`: from a project to a component, once, without traces."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guest.building import built
from witkit.cli.group import run
from witkit.componentize import (
    binary,
    build,
    classes,
    failures,
    load_config,
    modules,
    preflight,
)
from witkit.componentize.builder import made_from
from witkit.componentize.target import build_target
from witkit.text import Severity, WitkitError

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"

SMALL_WIT = """package test:small;
interface things {
  resource thing { constructor(n: u32); get: func() -> u32; }
}
interface counting { count: func(up-to: u32) -> list<u32>; }
world small { export counting; export greet: func() -> string; }
world keeper { export things; }
"""
SMALL_APP = """
class Counting:
    def count(self, up_to):
        return list(range(up_to))

class WitWorld:
    def greet(self):
        return "hello"
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "small.wit").write_text(SMALL_WIT)
    (tmp_path / "app.py").write_text(SMALL_APP)
    (tmp_path / "pyproject.toml").write_text('[tool.witkit]\nworld = "small"\n')
    return tmp_path


def _codes(folder: Path, **settings: object) -> list[str]:
    with pytest.raises(WitkitError) as refused:
        build(load_config(folder, **settings))
    return [problem.code for problem in refused.value.diagnostics]


def test_the_example_builds_is_skipped_when_unchanged_and_leaves_no_traces(tmp_path: Path) -> None:
    project = tmp_path / "orders"
    left_out = shutil.ignore_patterns("*.wasm", "__pycache__", ".*")
    shutil.copytree(ORDERS, project, ignore=left_out)
    before = sorted(project.rglob("*"))
    component = built(project, "orders", tmp_path)
    assert sorted(project.rglob("*")) == before
    assert [name for name in binary.imports(component) if not name.startswith("wasi:")] == [
        "spiderlightning:keyvalue/keyvalue@0.5.1"
    ]
    config = load_config(project, out=str(component))
    assert build(config).fresh
    (project / "tests" / "test_app.py").write_text("")
    assert build(config).fresh, "tests are not part of the component"


def test_what_a_guest_cannot_do_with_its_world_is_a_warning(small: Path) -> None:
    wit = "package test:small;\nworld small { import i: interface { f: func(); } }\n"
    (small / "wit" / "small.wit").write_text(wit)
    config = load_config(small)
    # An empty component that says it was built from just this: nothing has to be built.
    (small / "small.wasm").write_bytes(b"\0asm\x0d\0\x01\0")
    binary.append_custom_section(small / "small.wasm", "witkit-build", made_from(build_target(config)))
    made = build(config)
    assert made.fresh
    assert [(problem.code, problem.severity) for problem in made.warnings] == [("WIT0660", Severity.WARNING)]


def test_a_copy_of_the_dependency_is_the_one_that_witkit_ships() -> None:
    shipped = ORDERS.parents[1] / "wit" / "keyvalue" / "keyvalue.wit"
    assert (ORDERS / "wit" / "deps" / "keyvalue" / "keyvalue.wit").read_text() == shipped.read_text()


def test_a_module_that_is_not_there_is_named(small: Path) -> None:
    assert _codes(small, app="ap") == [preflight.NO_APP]


@pytest.mark.parametrize("out", ["app.py/small.wasm", "wit"])
def test_a_component_that_cannot_be_written_is_wrong_use(
    small: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(small), "-o", str(small / out)]) == 2
    assert capsys.readouterr().err.startswith("error[WIT0908]")


def test_a_folder_without_a_project_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(WitkitError) as refused:
        build(load_config(tmp_path))
    assert "`witkit new guest NAME`" in refused.value.diagnostics[0].help


def test_a_module_called_like_the_bindings_is_refused(small: Path) -> None:
    (small / "app.py").rename(small / "wit_world.py")
    assert _codes(small, app="wit_world") == [preflight.NAMED_LIKE_WORLD]


def test_every_missing_export_is_reported_before_anything_is_built(small: Path) -> None:
    (small / "app.py").write_text("class Kounting:\n    pass\n")
    with pytest.raises(WitkitError) as refused:
        build(load_config(small))
    first, second = refused.value.diagnostics
    assert first.code == second.code == preflight.MISSING_EXPORT
    assert first.help == "did you mean `Kounting`?"
    assert first.primary is not None
    assert first.primary.text == "counting"
    assert "`WitWorld`" in second.message


def test_a_world_that_componentize_py_cannot_build_is_reported_at_the_construct(small: Path) -> None:
    (small / "wit" / "small.wit").write_text("package test:small;\nworld small { export f: func(m: map<u8, u8>); }\n")
    assert _codes(small) == ["WIT0650"]


def test_the_class_of_an_exported_resource_must_be_in_a_module_of_the_interfaces_name(small: Path) -> None:
    with pytest.raises(WitkitError) as refused:
        build(load_config(small, world="keeper"))
    (problem,) = refused.value.diagnostics
    assert problem.code == preflight.MISSING_RESOURCE
    assert "a module called `things`" in problem.message
    assert "things.py" in problem.help


def test_a_guest_that_is_not_python_is_reported_with_its_place(small: Path) -> None:
    (small / "app.py").write_text("class Counting:\n    def count(self, :\n")
    with pytest.raises(WitkitError) as refused:
        build(load_config(small))
    (problem,) = refused.value.diagnostics
    assert problem.code == modules.SYNTAX
    assert problem.primary is not None
    assert problem.primary.source.position(problem.primary.start)[0] == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[tool.witkit.build]\nap = "app"\n', "WIT0903"),
        ("[tool.witkit.build]\napp = 3\n", "WIT0904"),
        ("[tool.witkit\n", "WIT0902"),
    ],
)
def test_a_wrong_setting_is_reported_at_its_place(small: Path, text: str, code: str) -> None:
    (small / "pyproject.toml").write_text(text)
    with pytest.raises(WitkitError) as refused:
        load_config(small)
    assert [problem.code for problem in refused.value.diagnostics] == [code]


SAID = {
    failures.MISSING_MODULE: """Traceback (most recent call last):
  File "<string>", line 1, in <module>
AssertionError: Traceback (most recent call last):
  File "/0/app.py", line 2, in <module>
    import requests
ModuleNotFoundError: No module named 'requests'


Caused by:
    ModuleNotFoundError: No module named 'requests'
""",
    classes.MISSING_METHOD: """AssertionError: TypeError: Can't instantiate abstract class Counting without an \
implementation for abstract methods 'count', 'more'
""",
    classes.RAISED: """AssertionError: Traceback (most recent call last):
  File "/0/app.py", line 2, in <module>
    class Counting:
ZeroDivisionError: division by zero


Caused by:
    ZeroDivisionError: division by zero
""",
    failures.UNSUPPORTED: """
thread '<unnamed>' (13406) panicked at src/lib.rs:942:17:
not yet implemented: map
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
Traceback (most recent call last):
pyo3_runtime.PanicException: not yet implemented: map
""",
    failures.FAILED: "AssertionError: something that was never seen before\n",
}


@pytest.mark.parametrize("code", SAID)
def test_what_componentize_py_says_becomes_a_diagnostic(small: Path, code: str) -> None:
    config = load_config(small)
    problem = failures.explain(SAID[code], build_target(config))
    assert problem.code == code
    assert "Traceback" not in problem.message
    if "/0/app.py" in SAID[code]:
        assert problem.primary is not None
        assert problem.primary.text == "class Counting:"


def test_without_componentize_py_the_way_out_is_shown(small: Path) -> None:
    # An isolated interpreter with witkit's source, but without what is installed for the guest.
    hide = "import importlib.metadata as m; real = m.version\n"
    hide += "def version(name):\n    if name == 'componentize-py': raise m.PackageNotFoundError(name)\n"
    hide += "    return real(name)\nm.version = version\nfrom witkit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", hide, "build", str(small)], capture_output=True, text=True, env={**os.environ}
    )
    assert done.returncode == 2
    assert 'pip install "witkit[guest]"' in done.stderr
