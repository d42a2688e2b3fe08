"""The example of SQL as plain Python and as a component: the same commands print the same and store the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.guest.building import built

# One worker builds the component, if it is not kept.
pytestmark = pytest.mark.xdist_group("component of the SQL example")

SQL = Path(__file__).resolve().parents[2] / "examples" / "sql"
ENTRIES = '[{"day": "2026-05-01", "kind": "tea", "cents": 320}, {"day": "2026-05-02", "kind": "it\'s", "cents": 4}]'
COMMANDS = [
    ["--invoke", "totals", "GUEST", "2026-05"],
    ["--invoke", "enter", "GUEST", ENTRIES],
    [
        "--invoke",
        "enter",
        "GUEST",
        '[{"day": "2026-05-03", "kind": "tea", "cents": 1}, {"day": "", "kind": "", "cents": 0}]',
    ],
    ["--invoke", "enter", "GUEST", '[{"day": "2026-05-03"}]'],
    ["--invoke", "totals", "GUEST", "2026-05"],
    ["GUEST"],
    ["GUEST"],
]


def _run(guest: Path, folder: Path) -> list[tuple[int, str, str]]:
    """What each command answers, one after the other, over databases in the folder."""
    said = []
    for command in COMMANDS:
        words = [str(guest) if word == "GUEST" else word for word in command]
        done = witkit("run", *words, cwd=folder)
        said.append((done.returncode, done.stdout, done.stderr.replace(str(guest), "GUEST")))
    return said


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("python", "component"):
        (tmp_path / name).mkdir()
    return tmp_path / "python", tmp_path / "component"


@pytest.mark.thorough
def test_a_guest_answers_like_its_component(folders: tuple[Path, Path], tmp_path: Path) -> None:
    python, component = folders
    shutil.copytree(SQL, tmp_path / "sql", ignore=shutil.ignore_patterns("*.wasm", ".*", "__pycache__", "bindings"))
    said = _run(tmp_path / "sql" / "app.py", python)
    assert [code for code, _, _ in said] == [0, 0, 1, 2, 0, 0, 0]
    assert '"kind": "tea", "count": 1, "cents": 320' in said[4][1]
    assert said[6][1] == "   57.80  books (2)\n   22.40  tea (5)\n    0.04  it's (1)\n"
    assert _run(built(SQL, "expenses", tmp_path), component) == said


def test_each_reads_what_the_other_wrote(folders: tuple[Path, Path], tmp_path: Path) -> None:
    folder, _ = folders
    guest, component = SQL / "app.py", built(SQL, "expenses", tmp_path)
    for one in (guest, component, guest):
        done = witkit("run", "--quiet", one, cwd=folder)
        assert done.returncode == 0, done.stderr
    assert done.stdout == "   86.70  books (3)\n   28.80  tea (6)\n"
