"""Worlds that are included twice, and imports that an `include` brings already."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.checks import check
from witkit.checks.settings import Choice, Settings
from witkit.ir import load

INCLUDES = Settings(preset="none", choices=(Choice(select=("repeated-include", "redundant-import")),))
BASE = "interface i {} interface j {} world base { import i; export j; } world named { import f: func(); }"


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        ("include base; include base;", ["repeated-include"]),
        ("include base; include named; include base; include base;", ["repeated-include"] * 2),
        ("include named; include named with { f as g }", []),
        ("include base; include named;", []),
        ("include base; import i;", ["redundant-import"]),
        ("export j; include base;", ["redundant-import"]),
        ("include base; import j; export i;", []),
        ("include base; import label: i;", []),
        ("include base; import g: func();", []),
    ],
)
def test_what_an_include_adds_twice_is_reported(world: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "shop.wit").write_text(f"package example:shop;\n{BASE} world w {{ {world} }}\n", encoding="utf-8")
    loaded = load(tmp_path)
    assert loaded.is_clean
    assert [d.rule for d in check(loaded, INCLUDES)] == expected
