"""Links in the documentation lead to files and headings that exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.test_layout import committed

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = committed(REPOSITORY, "*.md", ":!snapshots", ":!tests")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """A page without its examples."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


@cache
def headings(page: Path) -> frozenset[str]:
    """The headings of a page, as addresses name them."""
    found = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in found)


def leads_nowhere(page: Path, link: str) -> bool:
    file, _, heading = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    return not target.exists() or (bool(heading) and target.suffix == ".md" and heading not in headings(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(prose(page)) if "://" not in link]
    assert [link for link in links if leads_nowhere(page, link)] == []


def test_a_missing_file_and_a_missing_heading_are_found() -> None:
    readme = REPOSITORY / "README.md"
    assert leads_nowhere(readme, "docs/nothing.md")
    assert leads_nowhere(readme, "docs/serve.md#nothing")
    assert not leads_nowhere(readme, "docs/serve.md#several-processes")
