"""A pipe gives its content once, or never: witkit reads files several times, so it says so instead of waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.command_line import CLEAN, witkit

REFUSED = "error[WIT0504]: this is not a regular file, but a pipe, a socket or a device\n --> {}\n"
COMMANDS = (("check",), ("show",), ("fmt",), ("gen", "host", "-o", "out"), ("diff", "wit"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wit" / "deps").mkdir(parents=True)
    (tmp_path / "wit" / "shop.wit").write_text(CLEAN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids="-".join)
@pytest.mark.parametrize("name", ["pipe.wit", "pipe.wasm"])
def test_a_pipe_is_refused_as_a_package(command: tuple[str, ...], name: str, folder: Path) -> None:
    os.mkfifo(folder / name)
    done = witkit(*command, name, cwd=folder)
    assert done.returncode in (1, 2)
    assert REFUSED.format(name) in done.stderr + done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids="-".join)
def test_a_pipe_among_the_files_of_a_package_is_a_finding(command: tuple[str, ...], folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "shop.wit").write_text(CLEAN, encoding="utf-8")
    os.mkfifo(folder / "other" / "pipe.wit")
    done = witkit(*command, "other", cwd=folder)
    assert done.returncode in (1, 2)
    assert REFUSED.format("other/pipe.wit") in done.stderr + done.stdout


@pytest.mark.parametrize("name", ["pipe.wit", "pipe.wasm"])
def test_a_pipe_among_the_dependencies_is_a_finding(name: str, folder: Path) -> None:
    os.mkfifo(folder / "wit" / "deps" / name)
    done = witkit("check", "wit", cwd=folder)
    assert done.returncode == 1
    assert REFUSED.format(f"wit/deps/{name}") in done.stdout
