"""Each kind of change has verdicts and a page."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import witkit
from tests.diff.pages import PAGE, page
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.verdict import RELEASES


def test_the_page_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.diff.pages`"


def test_every_release_judges_every_kind() -> None:
    assert all(set(table) == set(Kind) for table in RELEASES.values())


def test_codes_are_in_order_and_each_kind_has_its_own() -> None:
    codes = [kind.code for kind in Kind]
    assert codes == sorted(set(codes))


def test_explain_knows_kinds_by_code_and_by_name(tmp_path: Path) -> None:
    by_code, by_name = (witkit("explain", name, cwd=tmp_path) for name in ("WIT2101", "function-added"))
    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.startswith("# WIT2101 function-added\n")
