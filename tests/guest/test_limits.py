"""What componentize-py cannot build is told before anything is written, with its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from witkit.bindgen import generate
from witkit.bindgen.guest_limits import check_guest
from witkit.ir import load, select_world
from witkit.ir.model import Resolve, World
from witkit.text import Severity, WitkitError

REFUSED = {
    "WIT0650": ("world w { export f: func(x: map<string, u32>); }", "map<string, u32>"),
    "WIT0651": ("world w { export f: func(x: list<u32, 4>); }", "list<u32, 4>"),
    "WIT0652": ("world w { resource r { get: func(); } }", "r"),
    "WIT0653": ("interface i { resource r; f: func() -> r; } world w { export i; }", "r"),
    "WIT0654": ("world w { export f: func(self: u32); }", "f"),
    "WIT0655": ('interface i { /// says """ here\nf: func(); } world w { import i; }', "f"),
    "WIT0656": ("interface types { resource r { constructor(); } } world w { export types; }", "r"),
    "WIT0659": ("interface i { f: func(); } world w { import other: i; }", "other"),
    "WIT0661": ("world w { import read: func(); export write: func(); }", "write"),
}
WARNED = {
    "WIT0657": "interface i { resource r { constructor() -> result<r>; } } world w { import i; }",
    "WIT0660": "world w { import i: interface { f: func(); resource r { m: func(); } } }",
    "WIT0658": "interface i { resource r { handle: func(); } } world w { import i; }",
}


def _world(text: str, folder: Path) -> tuple[Resolve, World]:
    file = folder / "w.wit"
    file.write_text(f"package test:limits;\n{text}\n")
    loaded = load(file)
    assert loaded.resolve is not None, loaded.diagnostics
    return loaded.resolve, select_world(loaded.resolve, None)


@pytest.mark.parametrize("code", REFUSED)
def test_a_world_that_cannot_be_built_is_refused_at_the_construct(code: str, tmp_path: Path) -> None:
    text, place = REFUSED[code]
    resolve, world = _world(text, tmp_path)
    with pytest.raises(WitkitError) as refused:
        generate(resolve, world, "guest")
    (problem,) = refused.value.diagnostics
    assert problem.code == code
    assert problem.primary is not None
    assert problem.primary.text == place
    assert problem.help


@pytest.mark.parametrize("code", WARNED)
def test_what_builds_but_cannot_be_called_is_a_warning(code: str, tmp_path: Path) -> None:
    resolve, world = _world(WARNED[code], tmp_path)
    (problem,) = check_guest(world)
    assert (problem.code, problem.severity) == (code, Severity.WARNING)
    assert generate(resolve, world, "guest")


def test_allow_generates_it_all_the_same(tmp_path: Path) -> None:
    _world(REFUSED["WIT0650"][0], tmp_path)
    command = [sys.executable, "-m", "witkit", "gen", "guest", "w.wit", "-o", "bindings"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "WIT0650" in refused.stderr
    assert not (tmp_path / "bindings").exists()
    assert subprocess.run([*command, "--allow"], cwd=tmp_path, capture_output=True).returncode == 0
    assert "x: dict[str, int]" in (tmp_path / "bindings" / "wit_world" / "__init__.py").read_text()
