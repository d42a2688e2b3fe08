"""The WIT of the repository is formatted as witkit formats it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import witkit


def test_the_interfaces_and_the_examples_are_formatted(repository: Path) -> None:
    done = witkit("fmt", "--check", "--deps", "wit", "examples", cwd=repository)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
