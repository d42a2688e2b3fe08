"""Generated files are kept by all that they are made from: what changes any of it is seen, and warnings stay."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit.cli import kept_files
from witkit.cli.config import Generation

DEPENDENCY = "package test:dep; interface d { f: func(); }"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package with a dependency as a folder, one as a file, and a file that is not one of its texts."""
    package(tmp_path / "wit")
    (tmp_path / "wit" / "deps" / "dep").mkdir(parents=True)
    (tmp_path / "wit" / "deps" / "dep" / "d.wit").write_text(DEPENDENCY)
    (tmp_path / "wit" / "deps" / "other.wit").write_text("package test:other; interface o {}")
    (tmp_path / "wit" / "README.md").write_text("read me")
    return tmp_path


def place(project: Path, **options: object) -> Path | None:
    what = {"target": "host", "path": project / "wit", "out": project / "src"} | options
    return kept_files.place_of(Generation(**what))  # type: ignore[arg-type]


def append(path: str, text: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        file = project / "wit" / path
        file.parent.mkdir(exist_ok=True)
        file.write_text((file.read_text() if file.exists() else "") + text)

    return change


@pytest.mark.parametrize(
    "change",
    [
        append("a.wit", "// a new file"),
        append("deps/dep/d.wit", "// changed"),
        append("deps/dep/e.wit", "// a new file"),
        append("deps/other.wit", "// changed"),
        append("deps/new/new.wit", "package test:new;"),
        append("deps/encoded.wasm", "\0asm"),
        lambda project: (project / "wit" / "deps" / "other.wit").unlink(),
        lambda project: (project / "wit" / "deps" / "other.wit").rename(project / "wit" / "deps" / "another.wit"),
    ],
)
def test_whatever_the_package_is_made_from_counts(change: Callable[[Path], None], project: Path) -> None:
    before = place(project)
    assert before is not None
    assert place(project) == before
    change(project)
    assert place(project) not in (None, before)


@pytest.mark.parametrize(
    "options",
    [
        {"target": "guest"},
        {"world": "shop"},
        {"package": "other"},
        {"features": ("new",)},
        {"all_features": True},
        {"allow": True},
    ],
    ids=str,
)
def test_every_option_counts(options: dict[str, object], project: Path) -> None:
    assert place(project, **options) not in (None, place(project))


def test_what_is_not_part_of_the_package_does_not_count(project: Path) -> None:
    before = place(project)
    append("README.md", "changed")(project)
    assert place(project) == before
    assert place(project, out=project / "elsewhere") == before


def test_where_files_may_come_from_elsewhere_nothing_is_kept(project: Path) -> None:
    assert place(project, templates=project) is None
    assert place(project, path=project / "missing") is None
    append("deps.toml", 'dep = "https://example.com/dep.tar.gz"\n')(project)
    assert place(project) is not None
    append("deps.toml", 'other = "../other"\n')(project)
    assert place(project) is None


@pytest.mark.parametrize("name", ["deps/empty", "deps/dep2/wit", "deps.lock", "wkg.lock", "../wkg.lock"])
def test_what_is_an_error_without_any_content_is_not_kept(name: str, project: Path) -> None:
    assert place(project) is not None
    (project / "wit" / name).mkdir(parents=True)
    assert place(project) is None


def test_the_code_that_generates_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place(project)
    monkeypatch.setattr(kept_files, "__version__", "another")
    assert place(project) not in (None, before)


@pytest.mark.parametrize("side", ["host", "guest"])
def test_kept_files_are_those_that_were_generated(side: str, project: Path) -> None:
    cache = str(project / "cache")
    for out in ("one", "two"):
        done = witkit("gen", side, "wit", "-o", out, cwd=project, WITKIT_CACHE_DIR=cache)
        assert (done.returncode, done.stderr) == (0, "")
    assert len(list((project / "cache" / "generated").iterdir())) == 1
    one, two = (
        {p.relative_to(project / d): p.read_bytes() for p in (project / d).rglob("*.*")} for d in ("one", "two")
    )
    assert one == two


def test_what_changed_is_generated(project: Path) -> None:
    cache = str(project / "cache")
    witkit("gen", "host", "wit", "-o", "src", cwd=project, WITKIT_CACHE_DIR=cache)
    wit = next((project / "wit").glob("*.wit"))
    wit.write_text(wit.read_text().replace("price", "cost"))
    done = witkit("gen", "host", "wit", "-o", "src", "--check", cwd=project, WITKIT_CACHE_DIR=cache)
    assert done.returncode == 1
    assert "would be" in done.stdout


def test_a_warning_is_there_each_time(tmp_path: Path) -> None:
    (tmp_path / "w.wit").write_text(
        "package a:b; world w { export i: interface { resource r { enter: func(); } f: func() -> r; } import j; }"
        "interface j { resource s { constructor() -> result<s>; } }"
    )
    said = [
        witkit("gen", "guest", "w.wit", "--allow", "-o", "out", cwd=tmp_path, WITKIT_CACHE_DIR=str(tmp_path / "cache"))
        for _ in range(2)
    ]
    assert said[0].stderr == said[1].stderr != ""


def test_a_run_with_nothing_new_loads_neither_the_model_nor_templates(project: Path) -> None:
    code = (
        "import sys\nfrom witkit.cli.group import run\n"
        "run(['gen', 'guest', 'wit', '-o', 'src'])\n"
        "print(sorted({'witkit.ir', 'lark', 'jinja2', 'black'} & sys.modules.keys()))"
    )
    environment = {**os.environ, "WITKIT_CACHE_DIR": str(project / "cache")}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, text=True, check=True
        )
    assert done.stdout.splitlines()[-1] == "[]"
