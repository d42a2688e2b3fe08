"""The Python sessions in the documentation print what the pages show."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SESSION = re.compile(r"^```pycon\n(.*?)^```", re.MULTILINE | re.DOTALL)


def session(page: Path) -> str:
    """The `pycon` blocks of a page, which are one session."""
    return "\n".join(SESSION.findall(page.read_text(encoding="utf-8")))


PAGES = [page for page in sorted((REPOSITORY / "docs").rglob("*.md")) if session(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_session_prints_what_the_page_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    test = doctest.DocTestParser().get_doctest(session(page), {}, page.name, str(page), 0)
    printed: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=printed.append)
    assert not failed, "".join(printed)


def test_architecture_has_a_session() -> None:
    assert [page.name for page in PAGES] == ["architecture.md"]
