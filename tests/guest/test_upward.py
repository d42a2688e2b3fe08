"""`witkit build` and `witkit gen` in a folder of a project: the nearest project upwards is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.guest.building import built
from witkit.cli.group import run
from witkit.componentize.scaffold import NewGuest, create


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, the current folder being one in it."""
    create(NewGuest(tmp_path / "shop"))
    (tmp_path / "shop" / "src" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "shop" / "src" / "deep")
    return tmp_path / "shop"


def test_a_build_is_of_the_project_with_places_from_the_current_folder(
    inside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.move(built(inside, "upward", inside), inside / "shop.wasm")
    assert run(["build"]) == 0
    assert capsys.readouterr().out.startswith("../../shop.wasm is up to date")
    assert run(["build", "--wit", "../../wit"]) == 0
    assert capsys.readouterr().out.startswith("../../shop.wasm is up to date")
    (inside / "app.py").write_text("")
    assert run(["build"]) == 1
    printed = capsys.readouterr().err
    assert "--> ../../wit/shop.wit:" in printed
    assert "needs `Run` in ../../app.py" in printed


def test_a_folder_that_is_named_is_the_project_itself(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "."]) == 1
    assert "there is no file or folder `wit`" in capsys.readouterr().err
    assert run(["gen", "--project", "."]) == 2
    assert "`pyproject.toml` cannot be read: no such file" in capsys.readouterr().err


def test_gen_writes_what_the_project_lists(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(inside / "bindings")
    assert run(["gen", "--check"]) == 1
    assert "../../bindings/wit_world/__init__.py: would be created" in capsys.readouterr().out
    assert run(["gen"]) == 0
    assert (inside / "bindings" / "wit_world" / "__init__.py").is_file()
    assert [path.name for path in (inside / "src").rglob("*")] == ["deep"]
    capsys.readouterr()
    assert run(["gen", "--check"]) == 0
    assert capsys.readouterr().out.endswith("files up to date\n")


def test_without_a_project_the_current_folder_lacks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 1
    printed = capsys.readouterr().err
    assert "there is no file or folder `wit`" in printed
    assert "create a project with `witkit new guest NAME`" in printed
    assert run(["gen"]) == 2
    assert "`pyproject.toml` cannot be read: no such file" in capsys.readouterr().err
