"""A page begins with what its reader can do afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.test_layout import committed
from witkit.cli.group import COMMANDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = [path.relative_to(DOCS).as_posix() for path in committed(DOCS.parent, "docs/*.md")]
# A page about one rule is for somebody who has a finding, and says at once what is wrong.
PAGES = [name for name in NAMES if not name.startswith("rules/") or name in ("rules/README.md", "rules/hits.md")]


@pytest.mark.parametrize("page", PAGES)
def test_the_first_paragraph_says_what_the_reader_can_do_afterwards(page: str) -> None:
    title, *paragraphs = (DOCS / page).read_text(encoding="utf-8").split("\n\n", 2)
    assert title.startswith("# ")
    assert "After this page you " in paragraphs[0].replace("\n", " ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_on_the_page_about_commands(command: str) -> None:
    headings = [line for line in (DOCS / "commands.md").read_text(encoding="utf-8").splitlines() if line[:3] == "## "]
    assert any(command in heading.split() for heading in headings)
