"""`docs/rules` is as the docstrings of the rules have it."""

from __future__ import annotations

import re

from tests.checks.pages import FOLDER, pages, written
from witkit.checks.table import NAMES


def test_the_pages_are_up_to_date() -> None:
    on_disk = {path: path.read_text(encoding="utf-8") for path in written()}
    assert on_disk == pages(), "run `python -m tests.checks.pages`"


def test_the_page_about_hits_names_rules_that_exist() -> None:
    named = re.findall(r"^\| \[([\w-]+)\]", (FOLDER / "hits.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert named
    assert set(named) <= set(NAMES)
