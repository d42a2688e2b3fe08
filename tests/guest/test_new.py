"""`witkit new guest`: what it makes passes its own tests and type checks before a line is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conftest import PYTEST
from tests.full_disk import files_up_to
from tests.judged import judged
from witkit.cli.group import run
from witkit.componentize import load_config, preflight
from witkit.componentize.scaffold import NewGuest, create
from witkit.componentize.target import build_target
from witkit.text import WitkitError

CONFORMANCE = Path(__file__).parent / "conformance" / "wit"


def _complaints(project: Path, *command: str) -> str:
    """What a command says if it fails, and nothing if it succeeds."""
    # The tool is called in the project's folder, as its author would.
    line = [sys.executable, "-m", *command]
    if command[0] in ("mypy", "pyright", "ruff", "black"):
        done = judged(*line, cwd=project)
    elif command[0] == "witkit":
        done = witkit(*command[1:], cwd=project)
    else:
        done = subprocess.run(line, cwd=project, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("wit", [None, CONFORMANCE], ids=["a small interface", "an interface that exists"])
def test_a_new_project_is_tested_and_typed_at_once(wit: Path | None, tmp_path: Path) -> None:
    project = tmp_path / "my-shop"
    create(NewGuest(project, wit))
    assert _complaints(project, *PYTEST[1:]) == ""
    assert _complaints(project, "mypy", "--cache-dir", os.devnull) == ""
    assert _complaints(project, "ruff", "check", "--isolated", "--no-cache", ".") == ""
    assert _complaints(project, "black", "--check", "--quiet", ".") == ""
    assert _complaints(project, "witkit", "gen", "--check") == ""
    assert _complaints(project, "witkit", "check", "wit", "--preset", "minimal") == ""
    config = load_config(project)
    preflight.check(build_target(config))


@pytest.mark.parametrize("mode", ["basic", "strict"])
@pytest.mark.parametrize("wit", [None, CONFORMANCE], ids=["a small interface", "an interface that exists"])
def test_pyright_finds_nothing_in_a_new_project(wit: Path | None, mode: str, tmp_path: Path) -> None:
    create(NewGuest(tmp_path / "shop", wit))
    settings = tmp_path / "shop" / "pyproject.toml"
    settings.write_text(settings.read_text().replace("[tool.pyright]", f'[tool.pyright]\ntypeCheckingMode = "{mode}"'))
    assert _complaints(tmp_path / "shop", "pyright", "--warnings", "--pythonpath", sys.executable) == ""


def test_the_readme_of_a_new_project_needs_no_new_pip(tmp_path: Path) -> None:
    create(NewGuest(tmp_path / "shop"))
    readme = (tmp_path / "shop" / "README.md").read_text()
    commands = re.findall(r"pip install [^`\n]*", readme)
    assert commands == ["pip install pytest mypy"]  # no `--group`, and nothing that is on no index
    assert "--group" not in readme


@pytest.mark.parametrize("name", ["Shop", "9lives", "a b", "-x"])
def test_a_name_that_wit_does_not_take_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(WitkitError) as refused:
        create(NewGuest(tmp_path / name))
    assert [problem.code for problem in refused.value.diagnostics] == ["WIT0925"]


def test_a_project_of_its_own_interface_calls_its_world_as_the_option_says(tmp_path: Path) -> None:
    project = tmp_path / "my-shop"
    assert run(["new", "guest", str(project), "--world", "greeter"]) == 0
    assert load_config(project).world == ("greeter",)
    assert "witkit run greeter.wasm" in (project / "README.md").read_text()
    assert _complaints(project, *PYTEST[1:]) == ""
    assert _complaints(project, "mypy", "--cache-dir", os.devnull) == ""
    assert _complaints(project, "witkit", "gen", "--check") == ""


@pytest.mark.parametrize("world", ["Greeter", "world", ""])
def test_a_world_that_wit_does_not_take_is_refused(
    world: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "guest", str(tmp_path / "shop"), "--world", world]) == 2
    assert "error[WIT0925]: " in capsys.readouterr().err
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize("name", ["type", "import", "world", "list"])
def test_a_keyword_of_wit_is_not_a_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match="is a keyword of WIT") as refused:
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


def test_the_wit_of_a_new_project_is_formatted(tmp_path: Path) -> None:
    create(NewGuest(tmp_path / "shop"))
    assert _complaints(tmp_path / "shop", "witkit", "fmt", "--check", "--deps", "wit") == ""


def test_a_place_that_cannot_be_written_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run(["new", "guest", str(tmp_path / "file" / "shop")]) == 2
    assert capsys.readouterr().err.startswith("error[WIT0908]")


@pytest.mark.parametrize(("kind", "name", "limit"), [("guest", "shop", 4), ("proposal", "wasi-shop", 1)])
@pytest.mark.parametrize("place", ["there", "new"])
def test_a_project_that_cannot_be_completed_leaves_nothing_behind(
    kind: str, name: str, limit: int, place: str, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    command = ["new", kind, str(tmp_path / place / name)]
    with files_up_to(limit << 10):
        done = witkit(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written: file too large" in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
    assert witkit(*command, cwd=tmp_path).returncode == 0


def test_an_existing_folder_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine.txt").write_text("mine")
    with pytest.raises(WitkitError) as refused:
        create(NewGuest(tmp_path / "shop"))
    assert [problem.code for problem in refused.value.diagnostics] == ["WIT0926"]
    assert [file.name for file in (tmp_path / "shop").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("world", "code"), [("export f: func(m: map<u8, u8>);", "WIT0650"), ("import g: func();", None)]
)
def test_a_world_that_cannot_be_built_makes_no_project(world: str, code: str | None, tmp_path: Path) -> None:
    (tmp_path / "w.wit").write_text(f"package a:b;\nworld w {{ {world} }}\n")
    codes = []
    try:
        create(NewGuest(tmp_path / "shop", tmp_path / "w.wit"))
    except WitkitError as refused:
        codes = [problem.code for problem in refused.diagnostics]
    assert codes == ([code] if code else [])
    assert (tmp_path / "shop").exists() == (code is None)


def test_what_can_be_built_but_not_used_is_reported_once_by_new_and_by_gen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    wit = "package a:b;\ninterface i { resource r { handle: func(); } }\nworld w { import i; }\n"
    Path("w.wit").write_text(wit)
    for command in ("new guest shop --wit w.wit", "gen guest w.wit -o bindings", "gen guest w.wit -o other --allow"):
        assert run(command.split()) == 0
        reported = capsys.readouterr().err
        assert reported.startswith("warning[WIT0658]: the guest cannot call a method named `handle`")
        assert reported.count("WIT0658") == 1
        assert "--> w.wit:2:28" in reported


def test_items_that_a_build_would_leave_out_are_not_in_the_project(tmp_path: Path) -> None:
    wit = "package a:b@1.0.0;\nworld w { export f: func(); @unstable(feature = new) export g: func(); }\n"
    (tmp_path / "w.wit").write_text(wit)
    create(NewGuest(tmp_path / "shop", tmp_path / "w.wit"))
    assert "def f(" in (tmp_path / "shop" / "app.py").read_text()
    assert "def g(" not in (tmp_path / "shop" / "app.py").read_text()
    assert _complaints(tmp_path / "shop", "witkit", "gen", "--check") == ""


def test_an_interface_called_as_the_worlds_class_shares_that_class(tmp_path: Path) -> None:
    interface = "interface wit-world { f: func() -> u32; both: func(); }"
    wit = f"package a:b; {interface} world w {{ export wit-world; export g: func(); export both: func(); }}"
    (tmp_path / "w.wit").write_text(wit)
    project = tmp_path / "shop"
    create(NewGuest(project, tmp_path / "w.wit"))
    assert _complaints(project, "mypy", "--cache-dir", os.devnull) == ""
    assert _complaints(project, *PYTEST[1:]) == ""
    app = (project / "app.py").read_text()
    assert app.count("class WitWorld(wit_world.WitWorld, exports.WitWorld):") == 1
    (project / "app.py").write_text(app.replace("def f(", "def h("))
    with pytest.raises(WitkitError, match="class `WitWorld` lacks `f`"):
        preflight.check(build_target(load_config(project)))


def test_every_module_of_a_new_project_is_known_to_the_type_checkers(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    create(NewGuest(project, CONFORMANCE))
    settings = tomllib.loads((project / "pyproject.toml").read_text())["tool"]
    modules = sorted(file.name for file in project.glob("*.py"))
    assert len(modules) > 1
    assert sorted(settings["mypy"]["files"]) == sorted([*modules, "tests"])
    assert settings["mypy"]["mypy_path"] == settings["pyright"]["extraPaths"] == ["bindings"]
    (project / "app.py").write_text((project / "app.py").read_text() + '\nwrong: int = "text"\n')
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert "could not be resolved" not in done.stdout, done.stdout
    assert "1 error" in done.stdout, done.stdout


def test_a_world_of_a_dependency_is_named_in_full(tmp_path: Path) -> None:
    (tmp_path / "wit" / "deps").mkdir(parents=True)
    (tmp_path / "wit" / "own.wit").write_text("package a:mine;\nworld w { export f: func(); }\n")
    (tmp_path / "wit" / "deps" / "o.wit").write_text("package a:other@1.0.0;\nworld w { export g: func(); }\n")
    create(NewGuest(tmp_path / "shop", tmp_path / "wit", "a:other/w"))
    config = load_config(tmp_path / "shop")
    assert build_target(config).world.qualified_name == "a:other/w@1.0.0"
    preflight.check(build_target(config))
    assert "witkit run w.wasm" in (tmp_path / "shop" / "README.md").read_text()


def test_the_next_step_can_be_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "guest", str(tmp_path / "my shops" / "one")]) == 0
    assert capsys.readouterr().out.endswith(f"next: cd '{tmp_path}/my shops/one' && pytest && witkit build\n")


def test_an_interface_with_mistakes_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "broken.wit").write_text("package a:b;\nworld w { export f: func() -> nothing-like-it; }\n")
    with pytest.raises(WitkitError):
        create(NewGuest(tmp_path / "shop", tmp_path / "broken.wit"))
    assert not (tmp_path / "shop").exists()


def test_the_next_step_in_the_current_folder_has_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    assert run(["new", "guest", "."]) == 0
    assert capsys.readouterr().out.endswith("\nnext: pytest && witkit build\n")
