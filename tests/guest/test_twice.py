"""The same guest built twice: what is the same, that nothing is written elsewhere, and what a failure leaves."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

import witkit
from tests.conftest import TESTS
from tests.sampled import every
from witkit.componentize import build, failures, load_config
from witkit.componentize.inputs import MODIFIED, stage
from witkit.componentize.target import build_target
from witkit.text import WitkitError

PROJECT = {
    "pyproject.toml": '[tool.witkit.build]\nwit = "wit"\nworld = "w"\nsite-packages = true\n',
    "wit/w.wit": "package a:b;\nworld w { export f: func() -> string; }\n",
    "app.py": "import wit_world, greeting.words\n\n"
    "class WitWorld(wit_world.WitWorld):\n    def f(self) -> str:\n        return greeting.words.HELLO\n",
}
INSTALLED = {
    "greeting/__init__.py": "",
    "greeting/words.py": "HELLO = 'hello'\n",
    "greeting-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    _write(tmp_path / "project", PROJECT)
    return tmp_path / "project"


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _state(*folders: Path) -> dict[Path, tuple[int, int]]:
    """Each file and folder with its size and when it was modified."""
    found = [file for folder in folders for file in [folder, *folder.rglob("*")]]
    return {file: (file.stat().st_size, file.stat().st_mtime_ns) for file in found}


def test_a_build_with_installed_packages_writes_the_component_only_and_is_done_once(
    project: Path, tmp_path: Path
) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    _write(packages, INSTALLED)
    before = _state(environment, project)

    # witkit itself comes from here; what the guest may import comes from the new environment.
    here = [str(Path(witkit.__file__).parents[1]), sysconfig.get_paths()["purelib"]]
    # In a plain run, the component may be one that was built before.
    tools = [] if every() == 1 else [str(TESTS / "tools")]
    command = [str(environment / "bin" / "python"), "-B", "-m", "witkit", "build", str(project)]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([*tools, *here])}
    first, second = (subprocess.run(command, capture_output=True, text=True, env=variables) for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "w.wasm built" in first.stdout
    assert "w.wasm is up to date" in second.stdout
    after = _state(environment, project)
    assert {file.name for file in after.keys() - before.keys()} == {"w.wasm"}
    assert {file for file in before if before[file] != after[file]} == {project}


def test_the_files_of_a_guest_are_the_same_in_each_build(project: Path, tmp_path: Path) -> None:
    (project / "pyproject.toml").write_text("")
    staged = []
    for number, time in enumerate((1_000_000_000, 1_700_000_000)):
        os.utime(project / "app.py", (time, time))
        stage(build_target(load_config(project)), tmp_path / str(number))
        files = sorted(file for file in (tmp_path / str(number)).rglob("*") if file.is_file())
        staged.append([(file.relative_to(tmp_path / str(number)), file.stat().st_mtime) for file in files])
    assert staged[0] == staged[1]
    assert {time for _, time in staged[0]} == {MODIFIED}


def test_a_build_that_fails_leaves_the_old_component(project: Path) -> None:
    # Without the packages of this environment, which would all be copied.
    (project / "pyproject.toml").write_text(PROJECT["pyproject.toml"].replace("site-packages = true\n", ""))
    (project / "wit" / "w.wit").write_text(
        "package a:b;\ninterface names { get: func() -> string; }\n"
        "world w { import names; export f: func() -> string; }\n"
    )
    app = project / "app.py"
    app.write_text(app.read_text().replace("greeting.words.HELLO", '"hello"').replace(", greeting.words", ""))
    component = project / "w.wasm"
    component.write_bytes(b"old")
    app.write_text(app.read_text() + "\nfrom wit_world.imports import names\nNAME = names.get()\n")
    with pytest.raises(WitkitError) as refused:
        build(load_config(project, out=str(component)))
    (problem,) = refused.value.diagnostics
    assert problem.code == failures.HOST_AT_IMPORT
    assert "a:b/names get" in problem.message
    assert component.read_bytes() == b"old"
