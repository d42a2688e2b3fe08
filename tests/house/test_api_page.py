"""`docs/api.md` has the public names, all of them and no others."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import witkit

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "api.md"
MODULES = re.split(r"^## `(witkit[.a-z]*)`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
OTHERS = {"architecture.md", "upgrading.md"}
SECTIONS = dict(zip(MODULES[::2], MODULES[1::2], strict=True))


@pytest.mark.parametrize("module", SECTIONS)
def test_the_page_lists_the_public_names(module: str) -> None:
    public = set(import_module(module).__all__)
    # What `witkit` offers is listed once.
    expected = public - {"__version__"} if module == "witkit" else public - set(witkit.__all__)
    assert sorted(re.findall(r"^- `(\w+)`:", SECTIONS[module], flags=re.MULTILINE)) == sorted(expected)


@pytest.mark.parametrize("module", SECTIONS)
def test_each_name_has_a_sentence(module: str) -> None:
    entries = [line for line in SECTIONS[module].splitlines() if line.startswith("- `")]
    assert entries
    assert all(re.fullmatch(r"- `\w+`: .{15,}\.", entry) for entry in entries)


def test_pages_for_users_import_public_modules_only() -> None:
    # One page shows the parts of witkit itself, another one names that are gone.
    pages = [page for page in [DOCS.parent / "README.md", *DOCS.rglob("*.md")] if page.name not in OTHERS]
    imports = re.compile(r"\b(?:from|import) (witkit(?:\.[a-z_]+)*)")
    found = {module for page in pages for module in imports.findall(page.read_text(encoding="utf-8"))}
    public = set(re.findall(r"`(witkit[.a-z_]*)`", PAGE.read_text(encoding="utf-8")))
    assert len(found) > 10
    assert found - public == set()
