"""Documentation of any text becomes a docstring that says just that text."""

from __future__ import annotations

import ast
from copy import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witkit.bindgen import generate
from witkit.bindgen.common.docs import docstring, text
from witkit.bindgen.common.format import format_python
from witkit.ir import load
from witkit.ir.resolve.docs import docs_of
from witkit.syntax.nodes import Comment
from witkit.text import Source

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


COMMENTED = """package a:b;
// REMARK about the interface
/// Shop.
interface shop {
  /* REMARK */
  /* REMARK
     of two lines */
  record item { // REMARK behind
    /// A price. // of all items
    price: u32, // REMARK behind
    // REMARK above
    size: u32,
    /* REMARK */ count: u32,
  }
  // REMARK
  variant v { /* REMARK */ a, //// REMARK
    b(u8), /***** REMARK ***/ c }
  enum e { // REMARK
    x }
  flags f { // REMARK
    x }
  // REMARK
  resource r {
    // REMARK
    constructor();
    /* REMARK */ m: func();
    // REMARK
    s: static func();
  }
  // REMARK
  type t = list<u8>;
  // REMARK
  /** Buys. */
  // REMARK
  buy: func(i: item) -> v;
}
// REMARK
world w { /* REMARK */ import shop; // REMARK
  export shop; // REMARK
  export run: func(); /* REMARK */ import log: func(); // REMARK
  import q: interface { f: func(); }
}
"""


@pytest.mark.parametrize("target", ["host", "guest"])
def test_remarks_stay_in_the_wit_and_documentation_goes_into_the_code(target: str, tmp_path: Path) -> None:
    (tmp_path / "p.wit").write_text(COMMENTED)
    world = load(tmp_path / "p.wit").world()
    code = "\n".join(file.text for file in generate(world, target, package="p"))
    assert "REMARK" not in code
    assert "Shop." in code
    assert "A price. // of all items" in code
    assert "Buys." in code


def test_what_was_understood_has_all_comments_as_wasm_tools_does(tmp_path: Path) -> None:
    (tmp_path / "p.wit").write_text(COMMENTED)
    docs = load(tmp_path / "p.wit").world().docs
    assert docs == "REMARK"
    assert text(docs) == text(copy(docs)) == ""


@pytest.mark.parametrize(
    ("comments", "shown"),
    [
        (["/// One", "///  two", "///", "/// three"], "One\n two\n\nthree"),
        (["// no", "/// yes", "/* no */", "/** and yes */"], "yes\nand yes"),
        (["/**\n * One\n *  two\n *\n * three\n */"], "One\n two\n\nthree"),
        (["/** One\n  * two */"], "One\ntwo"),
        (["/** * One\n two */"], "* One\n two"),
        (["/**/"], ""),
        (["//// no", "/*** no */", "//", "//!no"], ""),
    ],
)
def test_what_comments_say_in_code(comments: list[str], shown: str) -> None:
    docs = docs_of([Comment(Source("", comment).span(0, len(comment))) for comment in comments])
    assert text(docs) == shown
