"""What the linters, the type checker and the floors say. They are not asked again about the same files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.judged import complaints

COMMANDS = {
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "types": ["-m", "mypy", "--no-error-summary"],
    "floors": ["-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache', '--no-logo'])"],
}


@pytest.mark.parametrize("tool", COMMANDS)
def test_has_nothing_to_say(tool: str, repository: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.py", "*.pyi", "*.toml"]
    listed = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    files = [repository / name for name in listed.stdout.splitlines() if (repository / name).is_file()]
    assert complaints(*COMMANDS[tool], about=files) == ""
