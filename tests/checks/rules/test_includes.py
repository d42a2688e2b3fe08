"""Worlds that are included twice, and imports that an `include` brings already."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.checks.test_rules import load_with
from tests.resolved import json_of
from tests.work import calls
from witkit.checks import check
from witkit.checks.fixing import fix
from witkit.checks.settings import RuleChoice, Settings
from witkit.ir import load

INCLUDES = Settings(preset="none", choices=(RuleChoice(select=("repeated-include", "redundant-import")),))
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


def test_a_world_without_the_repeated_include_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "shop.wit"
    world = "world w {\n  include base;\n  include named;\n  // Again.\n  include base;\n}\n"
    path.write_text(f"package example:shop;\n{BASE}\n{world}", encoding="utf-8")
    before = json_of(load(tmp_path))
    (fixed,) = fix(partial(load_with, tmp_path), INCLUDES, unsafe=False).texts.values()
    assert fixed.endswith("world w {\n  include base;\n  include named;\n}\n")
    path.write_text(fixed, encoding="utf-8")
    assert json_of(load(tmp_path)) == before


def test_an_import_without_the_repetition_is_still_imported(tmp_path: Path) -> None:
    path = tmp_path / "shop.wit"
    text = f"package example:shop;\n{BASE}\nworld w {{\n  include base;\n  import i;\n}}\n"
    path.write_text(text, encoding="utf-8")
    before = load(tmp_path).world("w")
    (fixed,) = fix(partial(load_with, tmp_path), INCLUDES, unsafe=True).texts.values()
    assert fixed == text.replace("  import i;\n", "")
    path.write_text(fixed, encoding="utf-8")
    after = load(tmp_path).world("w")
    assert [str(key) for key in (*before.imports, *before.exports)] == [
        str(key) for key in (*after.imports, *after.exports)
    ]


def test_many_includes_are_work_in_proportion(tmp_path: Path) -> None:
    def work(number: int) -> int:
        worlds = "".join(f"interface i{n} {{}} world v{n} {{ import i{n}; }}\n" for n in range(number))
        items = "".join(f"include v{n}; import i{n}; include v{n};\n" for n in range(number))
        (tmp_path / "shop.wit").write_text(f"package a:b;\n{worlds} world w {{ {items} }}\n", encoding="utf-8")
        loaded = load(tmp_path)
        assert len(check(loaded, INCLUDES)) == 2 * number
        return calls(lambda: check(loaded, INCLUDES))

    assert work(400) < 2.3 * work(200)
