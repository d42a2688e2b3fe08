"""The grammar files themselves, and how they are loaded."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from lark import Lark

from witkit._resources import data_folder
from witkit.syntax import build, build_2022, grammar, parse
from witkit.syntax.keywords import KEYWORDS, identifier
from witkit.text import Source

GRAMMARS = sorted(data_folder("grammars").glob("*.lark"))


@pytest.mark.parametrize("path", GRAMMARS, ids=lambda p: p.stem)
def test_a_grammar_has_no_conflicts_and_no_terminals_that_overlap(path: Path) -> None:
    Lark(path.read_text(), parser="lalr", strict=True, keep_all_tokens=True, maybe_placeholders=True)


@pytest.mark.parametrize(
    ("grammar", "functions", "choices"),
    [
        (grammar.wit, build, "file_item world_item interface_item resource_item type_definition type"),
        (grammar.wit_2022, build_2022, "item method type"),
    ],
)
def test_every_rule_that_makes_something_has_its_function(
    grammar: Callable[[], grammar.Grammar], functions: ModuleType, choices: str
) -> None:
    rules = {str(r.alias or r.options.template_source or r.origin.name) for r in grammar().lark.rules}
    assert rules - set(choices.split()) <= vars(functions).keys()


@pytest.mark.parametrize(("name", "functions"), [("wit", build), ("wit-2022", build_2022)])
def test_every_function_quotes_its_production(name: str, functions: ModuleType) -> None:
    productions = _productions((data_folder("grammars") / f"{name}.lark").read_text())
    own = {n: f for n, f in vars(functions).items() if n in productions and f.__module__ == functions.__name__}
    assert len(own) > 15
    for function, builder in own.items():
        quoted = {each for part in re.findall(r"`([^`]*)`", builder.__doc__ or "") for each in _alternatives(part)}
        assert quoted == productions[function] - {""}, f"the docstring of {functions.__name__}.{function}"


def _productions(grammar: str) -> dict[str, set[str]]:
    """The productions of a grammar by the function that is called for them."""
    found: dict[str, set[str]] = {}
    text = re.sub(r"^//.*", "", grammar, flags=re.MULTILINE)
    for rule, body in re.findall(r"^\??([a-z_]+)(?:\{x\})?:((?:.|\n(?=\s))*)", text, flags=re.MULTILINE):
        for alternative in _alternatives(body):
            production, _, alias = alternative.partition("->")
            found.setdefault(alias.strip() or rule, set()).add(production.strip())
    return found


def _alternatives(body: str) -> list[str]:
    """The alternatives of a rule's body, their blanks made single ones; a `|` between brackets parts none."""
    parts, depth = [""], 0
    for piece in re.findall(r'"[^"]*"|\s+|.', body):
        depth += (piece in "([{") - (piece in ")]}")
        if piece == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += " " if piece.isspace() else piece
    return [part.strip() for part in parts]


def test_keywords_are_those_of_the_grammar() -> None:
    assert grammar.wit().lexer.keywords.keys() == KEYWORDS


def test_every_keyword_can_be_a_name_with_a_percent_sign() -> None:
    for name in KEYWORDS - {"_"}:
        assert parse(Source("test.wit", f"package a:b; interface {identifier(name)} {{}}")).diagnostics == ()
        assert parse(Source("test.wit", f"package a:b; interface {name} {{}}")).diagnostics != ()


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
    (kept,) = (tmp_path / "cache" / "grammars").iterdir()
    before = kept.stat().st_mtime_ns
    assert run(tmp_path / "cache") == "1"
    assert kept.stat().st_mtime_ns == before


def test_a_cache_folder_that_is_a_file_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert run(tmp_path / "cache") == "1"


def test_damaged_tables_are_made_again(tmp_path: Path) -> None:
    run(tmp_path)
    (kept,) = (tmp_path / "grammars").iterdir()
    kept.write_bytes(b"garbage\n\x80\x04garbage")
    assert run(tmp_path) == "1"
    assert not kept.read_bytes().startswith(b"garbage")


class Planted:
    """Makes a file when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return eval, (f"open({str(self.proof)!r}, 'w')",)


def test_a_pickle_that_was_planted_is_not_loaded(tmp_path: Path) -> None:
    run(tmp_path / "cache")
    payload = pickle.dumps(Planted(tmp_path / "proof"))
    for path in [*(tmp_path / "cache").rglob("*"), tmp_path / "cache" / "wit.lark-tables"]:
        if not path.is_dir():
            path.write_bytes(payload * 3)
    assert run(tmp_path / "cache") == "1"
    assert not (tmp_path / "proof").exists()
