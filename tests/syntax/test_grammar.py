"""The grammar files themselves, and how they are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lark import Lark

from witkit._resources import data_folder
from witkit.syntax import build, grammar

GRAMMARS = sorted(data_folder("grammars").glob("*.lark"))


@pytest.mark.parametrize("path", GRAMMARS, ids=lambda p: p.stem)
def test_a_grammar_has_no_conflicts_and_no_terminals_that_overlap(path: Path) -> None:
    Lark(path.read_text(), parser="lalr", strict=True, keep_all_tokens=True, maybe_placeholders=True)


def test_every_rule_that_makes_something_has_its_function() -> None:
    rules = {str(r.alias or r.options.template_source or r.origin.name) for r in grammar.wit().lark.rules}
    choices = {"file_item", "world_item", "interface_item", "resource_item", "type_definition", "type"}
    assert rules - choices == {name for name in rules if callable(getattr(build, name, None))}


KEYWORDS = """
_ as async bool borrow char constructor enum error-context export f32 f64 flags from func future import
include interface list map option own package record resource result s16 s32 s64 s8 static stream string
tuple type u16 u32 u64 u8 use variant with world
"""


def test_keywords_are_all_that_the_language_reserves() -> None:
    assert sorted(grammar.wit().lexer.keywords) == sorted(KEYWORDS.split())


PROGRAM = """
from witkit.syntax import parse
from witkit.text import Source
print(len(parse(Source("x", "package a:b; interface c {}")).file.items))
"""


def run(cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"WITKIT_CACHE_DIR": str(cache), "PYTHONPATH": str(Path(grammar.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip() + done.stderr


def test_the_tables_are_kept_in_the_cache_folder(tmp_path: Path) -> None:
    assert run(tmp_path / "cache") == "1"
    kept = tmp_path / "cache" / "wit.lark-tables"
    before = kept.stat().st_mtime_ns
    assert run(tmp_path / "cache") == "1"
    assert kept.stat().st_mtime_ns == before


def test_a_cache_folder_that_is_a_file_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert run(tmp_path / "cache") == "1"


def test_garbage_in_the_cache_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "wit.lark-tables").write_bytes(b"garbage\n\x80\x04garbage")
    assert run(tmp_path) == "1"
