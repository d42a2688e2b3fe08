"""`witkit check --wit`: components against a world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checks.dummies import component
from tests.cli.command_line import package, witkit

HOST = """package a:host@1.0.0;

interface i { f: func(); }
world w { import i; }
world v { import i; export g: func(); }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    package(tmp_path / "host", HOST)
    component(HOST, tmp_path / "c")
    return tmp_path


def test_a_component_that_fits_is_named_with_its_world(folder: Path) -> None:
    done = witkit("check", "c/w.wasm", "--wit", "host", "--world", "w", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "1 component fits `a:host/w@1.0.0`\n")


def test_one_that_does_not_fit_is_a_finding_in_every_format(folder: Path) -> None:
    command = ["check", "c/w.wasm", "--profile", "host", "--world", "v"]
    done = witkit(*command, cwd=folder)
    assert done.returncode == 1
    assert "error[WIT0782]: the component does not export `g`, which a host of `a:host/v@1.0.0` calls" in done.stdout
    assert done.stdout.endswith("1 error in 1 component\n")
    for format in ("json", "github", "gitlab", "junit", "sarif"):
        done = witkit(*command, "--format", format, cwd=folder)
        assert done.returncode == 1
        assert "WIT0782" in done.stdout
    found = json.loads(witkit(*command, "--format", "json", cwd=folder).stdout)
    assert "c/w.wasm" in json.dumps(found)


def test_several_components_are_checked_at_once(folder: Path) -> None:
    done = witkit("check", "c/w.wasm", "c/w.wasm", "--wit", "host", "--world", "w", cwd=folder)
    assert done.stdout == "2 components fit `a:host/w@1.0.0`\n"
    (folder / "broken.wasm").write_bytes(b"\0asm\r\0\1\0\x07\xff")
    names = ["broken.wasm", "absent.wasm", "c/w.wit", "c/w.wasm"]
    done = witkit("check", *names, "--wit", "host", "--world", "v", cwd=folder)
    assert done.returncode == 1
    assert all(text in done.stdout for text in (*names[:2], "there are 2 worlds", "WIT0782"))
    assert done.stdout.endswith("4 errors in 4 components\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--wit", "host"],
        ["c/w.wasm", "--wit", "host", "--fix"],
        ["c/w.wasm", "--wit", "host", "--preset", "none"],
        ["c/w.wasm", "--world", "w"],
    ],
)
def test_options_that_do_not_go_together_are_wrong_use(arguments: list[str], folder: Path) -> None:
    done = witkit("check", *arguments, cwd=folder)
    assert done.returncode == 2
    assert "Error: " in done.stderr


def test_a_world_that_is_not_named_or_not_there_is_bad_input(folder: Path) -> None:
    for world in ([], ["--world", "x"]):
        done = witkit("check", "c/w.wasm", "--wit", "host", *world, cwd=folder)
        assert done.returncode == 1
        assert "world" in done.stdout + done.stderr


def test_programs_read_why_there_is_no_world(folder: Path) -> None:
    done = witkit("check", "c/w.wasm", "--wit", "host", "--world", "x", "--format", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert [found["code"] for found in json.loads(done.stdout)] == ["WIT0513"]
