"""The parts of Lark that are not its public API, and that the driver and the kept tables rely on.

A new version of Lark that fails here needs a look at `witkit/syntax/driver.py` and `grammar.py` before the bound in
`pyproject.toml` is raised.
"""

from __future__ import annotations

import tomllib
from inspect import signature
from io import BytesIO
from pathlib import Path

import pytest
from lark import Lark
from lark import __version__ as lark_version
from lark.parsers import lalr_analysis

from witkit.syntax import build, grammar
from witkit.syntax.driver import Driver
from witkit.text import Source

CHANGED = f"Lark {lark_version} is not as witkit/syntax/driver.py expects: "


@pytest.fixture
def lark() -> Lark:
    return grammar.wit().lark


def test_an_interactive_parser_shows_its_stacks_and_its_table(lark: Lark) -> None:
    state = lark.parse_interactive().parser_state
    for name in ("state_stack", "value_stack", "parse_conf"):
        assert hasattr(state, name), f"{CHANGED}a parser's state has no `{name}`"
    for name in ("parse_table", "callbacks", "start_state"):
        assert hasattr(state.parse_conf, name), f"{CHANGED}a parser's configuration has no `{name}`"
    assert state.state_stack == [state.parse_conf.start_state], f"{CHANGED}the stack does not begin with its start"
    assert state.value_stack == [], f"{CHANGED}a new parser has values on its stack"


def test_a_table_has_a_row_for_each_state_and_an_action_for_each_terminal(lark: Lark) -> None:
    table = lark.parse_interactive().parser_state.parse_conf.parse_table
    rules = set(lark.rules)
    assert isinstance(table.end_states["start"], int), f"{CHANGED}a grammar has no end state that is a number"
    for row in table.states.values():
        for name, (action, argument) in row.items():
            if action is lalr_analysis.Shift:
                assert argument in table.states, f"{CHANGED}shifting `{name}` leads to no state"
            else:
                assert argument in rules, f"{CHANGED}a step that is not a shift is not the reduction by a rule"


def test_a_rule_has_its_symbols_its_name_and_its_function(lark: Lark) -> None:
    builders: dict[object, object] = lark.parse_interactive().parser_state.parse_conf.callbacks  # type: ignore[assignment]
    for rule in lark.rules:
        assert isinstance(rule.origin.name, str), f"{CHANGED}a rule has no name"
        assert len(rule.expansion) >= 0, f"{CHANGED}a rule has no symbols"
        assert callable(builders[rule]), f"{CHANGED}no function is called for a rule"


def test_tables_are_loaded_with_a_transformer(lark: Lark) -> None:
    tables = BytesIO()
    lark.save(tables, exclude_options=("transformer",))
    tables.seek(0)
    assert list(signature(Lark._load).parameters) == ["self", "f", "kwargs"], f"{CHANGED}`_load` takes other arguments"
    loaded = Lark.__new__(Lark)._load(tables, transformer=build)
    tokens = grammar.wit().lexer.scan(_source()).tokens
    assert Driver(loaded).run(tokens) == len(tokens), f"{CHANGED}tables that were kept do not read WIT"


def _source() -> Source:
    return Source("test.wit", "package a:b; interface c { f: func(); }")


def test_the_bound_is_the_version_that_was_tried() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())
    (bound,) = [each for each in project["project"]["dependencies"] if each.startswith("lark")]
    assert bound == "lark>=1.3.1,<1.4"
