"""What the linters, the type checker and the floors say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "types": ["-m", "mypy", "--no-error-summary"],
    "floors": ["-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache', '--no-logo'])"],
}


@pytest.mark.parametrize("tool", COMMANDS)
def test_has_nothing_to_say(tool: str, repository: Path) -> None:
    said = subprocess.run(
        [sys.executable, *COMMANDS[tool]], cwd=repository, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
