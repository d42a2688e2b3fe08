"""The SQL example on database servers, chosen by one line of configuration."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.backends.sql.databases import SERVERS
from tests.cli.command_line import witkit
from tests.guest.building import built

pytestmark = pytest.mark.xdist_group("component of the SQL example")

SQL = Path(__file__).resolve().parents[2] / "examples" / "sql"
HOSTILE = "tea', 1); DROP TABLE expense; --"


def run(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return witkit("run", *words, cwd=folder, EXPENSES_URL=url)


@pytest.mark.parametrize("server", SERVERS)
def test_one_line_moves_the_book_to_a_server(server: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{server}_database")
    line = f'sql = {{ backend = "{server}", url = "${{env:EXPENSES_URL}}" }}\n'
    assert line.replace("mariadb", "postgresql") in (SQL / "README.md").read_text(encoding="utf-8")
    (tmp_path / "witkit.toml").write_text(line)
    guest, component = str(SQL / "app.py"), str(built(SQL, "expenses", tmp_path))
    for program in (guest, component):
        done = run(tmp_path, url, program)
        assert done.returncode == 0, done.stderr
        assert url not in done.stderr
    assert done.stdout == "   57.80  books (2)\n   19.20  tea (4)\n"
    entry = f'[{{"day": "2026-05-07", "kind": "{HOSTILE}", "cents": 4}}]'
    assert run(tmp_path, url, "--invoke", "enter", component, entry).returncode == 0
    wrong = run(tmp_path, url, "--invoke", "enter", guest, '[{"day": "2026-05-07", "kind": "tea", "cents": 0}]')
    assert (wrong.returncode, "not-an-expense" in wrong.stderr + wrong.stdout) == (1, True)
    for program in (guest, component):
        assert HOSTILE in run(tmp_path, url, "--invoke", "totals", program, "2026-05").stdout
    assert not (tmp_path / ".witkit").exists()


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_is_reported_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text('[sql]\nbackend = "postgresql"\nurl = "${env:EXPENSES_URL}"\n')
    done = run(tmp_path, "postgresql://clerk:s3cret-word@127.0.0.1:9/expenses", str(SQL / "app.py"))
    assert done.returncode == 1
    assert "WIT0802" in done.stderr
    assert "witkit.toml:3" in done.stderr
    assert "s3cret-word" not in done.stderr
