"""`docs/rules` is as the docstrings of the rules have it."""

from __future__ import annotations

from tests.checks.pages import FOLDER, pages


def test_the_pages_are_up_to_date() -> None:
    on_disk = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert on_disk == pages(), "run `python -m tests.checks.pages`"
