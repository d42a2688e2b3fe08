"""What is generated and committed is what the generators of this checkout write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conformance import table

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PROJECTS = sorted(
    f"examples/{file.parent.relative_to(EXAMPLES).as_posix()}"
    for pattern in ("*/pyproject.toml", "*/*/pyproject.toml")
    for file in EXAMPLES.glob(pattern)
)


@pytest.mark.parametrize("project", PROJECTS)
def test_is_up_to_date(project: str, repository: Path) -> None:
    done = witkit("gen", "--check", "--project", project, cwd=repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_table_of_guests_and_backends_is_up_to_date() -> None:
    assert table.written() == table.PAGE.read_text(encoding="utf-8"), "run `python -m tests.conformance.table --write`"
