"""What a build depends on: everything that decides about the component, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from witkit.componentize import BuildConfig, load_config
from witkit.componentize.inputs import content_hash, stage
from witkit.componentize.staging import guest_files
from witkit.componentize.target import build_target

PROJECT = {
    "app.py": "import helper\n",
    "helper/__init__.py": "",
    "data/prices.txt": "1\n",
    "wit/w.wit": "package a:b;\nworld w {}\n",
    "tests/test_app.py": "",
    "conftest.py": "",
    ".secret": "",
    "old.wasm": "",
    "bindings/componentize_py_types.py": "",
    "bindings/wit_world/__init__.py": "",
    "venv/pyvenv.cfg": "",
    "venv/lib/thing.py": "",
    "__pycache__/app.cpython-314.pyc": "",
    "wit_world/__init__.py": "",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_bindings_tests_and_environments_are_not_part_of_a_guest(project: Path) -> None:
    staged = [str(target) for target, _ in guest_files(load_config(project))]
    assert staged == ["0/app.py", "0/data/prices.txt", "0/helper/__init__.py", "0/wit/w.wit"]


def test_a_project_says_what_else_is_left_out(project: Path) -> None:
    config = load_config(project, exclude=("data",))
    assert "0/data/prices.txt" not in [str(target) for target, _ in guest_files(config)]


def test_each_path_is_a_folder_of_its_own(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    to = tmp_path_factory.mktemp("staged")
    folders = stage(build_target(load_config(project, paths=(".", "helper", "missing"))), to)
    assert [folder.name for folder in folders] == ["0", "1", "2"]
    assert (to / "1" / "__init__.py").is_file()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _hash(config: BuildConfig, tool: str) -> str:
    return content_hash(build_target(config), tool)


CHANGES: dict[str, Callable[[Path], object]] = {
    "code": lambda p: (p / "app.py").write_text("import helper, json\n"),
    "a module": lambda p: (p / "helper" / "more.py").write_text(""),
    "a file moved": lambda p: (p / "data" / "prices.txt").rename(p / "prices.txt"),
    "the interface": lambda p: (p / "wit" / "w.wit").write_text("package a:b;\nworld w { export f: func(); }\n"),
    "a dependency": lambda p: _write(p / "wit" / "deps" / "c.wit", "package c:d;\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_goes_in_is_noticed(change: str, project: Path) -> None:
    config = load_config(project)
    before = _hash(config, "1.0")
    CHANGES[change](project)
    assert _hash(config, "1.0") != before


@pytest.mark.parametrize("file", ["tests/test_app.py", "bindings/wit_world/__init__.py", "old.wasm", ".secret"])
def test_a_change_of_anything_else_is_not(file: str, project: Path) -> None:
    config = load_config(project)
    before = _hash(config, "1.0")
    (project / file).write_text("changed")
    assert _hash(config, "1.0") == before


def test_the_versions_of_what_is_installed_count_where_the_guest_may_import_it(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashes() -> list[str]:
        return [_hash(load_config(project, site_packages=allowed), "1.0") for allowed in (False, True)]

    without, allowed = hashes()
    assert without != allowed
    site = tmp_path_factory.mktemp("site")
    _write(site / "prices-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: prices\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(site)
    assert [before == after for before, after in zip((without, allowed), hashes(), strict=True)] == [True, False]


def test_settings_and_tools_count(project: Path) -> None:
    hashes = {
        _hash(load_config(project), "1.0"),
        _hash(load_config(project), "1.1"),
        _hash(load_config(project, stub_wasi=True), "1.0"),
        _hash(load_config(project, app="helper"), "1.0"),
    }
    assert len(hashes) == 4
    assert _hash(load_config(project, world="w"), "1.0") in hashes, "it is the only world in any case"
