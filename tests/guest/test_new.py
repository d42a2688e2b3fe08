"""`witkit new guest`: what it makes passes its own tests and type checks before a line is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from witkit.cli.group import run
from witkit.componentize import load_config, preflight
from witkit.componentize.scaffold import NewGuest, create
from witkit.text import WitkitError

CONFORMANCE = Path(__file__).parent / "conformance" / "wit"


def _run(project: Path, *command: str) -> None:
    # The tool is called in the project's folder, as its author would.
    done = subprocess.run([sys.executable, "-m", *command], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("wit", [None, CONFORMANCE], ids=["a small interface", "an interface that exists"])
def test_a_new_project_is_tested_and_typed_at_once(wit: Path | None, tmp_path: Path) -> None:
    project = tmp_path / "my-shop"
    create(NewGuest(project, wit))
    _run(project, "pytest", "-q", "-p", "no:cacheprovider")
    _run(project, "mypy", "--cache-dir", os.devnull)
    _run(project, "witkit", "gen", "--check")
    _run(project, "witkit", "check", "wit")
    config = load_config(project)
    preflight.check(config, preflight.load_world(config))


@pytest.mark.parametrize("name", ["Shop", "9lives", "a b", "-x"])
def test_a_name_that_wit_does_not_take_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(WitkitError) as refused:
        create(NewGuest(tmp_path / name))
    assert [problem.code for problem in refused.value.diagnostics] == ["WIT0925"]


@pytest.mark.parametrize("spelled", [".", "../shop", "tests/.."])
def test_the_current_folder_gives_the_project_its_name(
    spelled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    create(NewGuest(Path(spelled)))
    assert (tmp_path / "shop" / "wit" / "shop.wit").is_file()


def test_a_place_that_cannot_be_written_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run(["new", "guest", str(tmp_path / "file" / "shop")]) == 2
    assert capsys.readouterr().err.startswith("error[WIT0908]")


def test_an_existing_folder_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine.txt").write_text("mine")
    with pytest.raises(WitkitError) as refused:
        create(NewGuest(tmp_path / "shop"))
    assert [problem.code for problem in refused.value.diagnostics] == ["WIT0926"]
    assert [file.name for file in (tmp_path / "shop").iterdir()] == ["mine.txt"]


def test_an_interface_with_mistakes_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "broken.wit").write_text("package a:b;\nworld w { export f: func() -> nothing-like-it; }\n")
    with pytest.raises(WitkitError):
        create(NewGuest(tmp_path / "shop", tmp_path / "broken.wit"))
    assert not (tmp_path / "shop").exists()
