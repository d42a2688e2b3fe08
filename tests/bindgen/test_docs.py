"""Documentation of any text becomes a docstring that says just that text."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witkit.bindgen.common.docs import docstring, text
from witkit.bindgen.common.format import format_python

NASTY = [
    'ends with a quote "',
    '"starts with one',
    'has """ three',
    '"""',
    'four """"',
    'quoted backslash \\"',
    "a path C:\\new\\table",
    "ends with a backslash \\",
    'both \\ and """ and "',
    "{{ not a template }} {% at all %}",
]


def read(literal: str) -> str:
    value = ast.literal_eval(literal)
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize("docs", NASTY)
def test_quotes_and_backslashes_are_kept(docs: str) -> None:
    assert read(docstring(docs)).strip() == docs


@given(st.text() | st.text(alphabet='ab"\\\\\n'))
def test_every_text_is_a_valid_literal_with_the_same_lines(docs: str) -> None:
    plain = text(docs, "nothing")
    lines = [line.strip() for line in read(docstring(plain)).strip().split("\n")]
    assert lines == [line.strip() for line in plain.split("\n")]


@pytest.mark.parametrize("docs", NASTY)
def test_black_keeps_the_words(docs: str) -> None:
    module = format_python(f"def f() -> None:\n    {docstring(docs, 4)}\n")
    function = ast.parse(module).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert (ast.get_docstring(function) or "").strip() == docs


def test_characters_that_source_cannot_hold_are_left_out() -> None:
    assert text("a\x00b\rc\u2028d  \n\n") == "ab\ncd"


def test_what_all_later_lines_are_indented_by_goes() -> None:
    assert docstring("a\n  b\n    c") == '"""a\nb\n  c\n"""'


def test_quotation_marks_keep_off_those_of_the_literal() -> None:
    assert docstring('"a" or "b"') == '""" "a" or "b\\" """'


def test_later_lines_are_indented_and_empty_ones_stay_empty() -> None:
    assert docstring("a\n\nb", 4) == '"""a\n\n    b\n    """'
