"""Printing a tree gives the text that it was made from, byte for byte, whatever is wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sampled import examples, sampled
from tests.syntax.test_properties import mutations, texts, with_attributes
from witkit.syntax import grammar, nodes, parse, parse_2022
from witkit.syntax.printer import printed
from witkit.text import Source

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
COMMENTS = ["", "", " ", "\n", "\r\n", "/* a */", "// b\n", "/// c\r\n", "/** /* d */ */", "\n\n\t"]


ATTRIBUTES = ["", "@since(version = 1.0.0)", "@unstable(feature = a)", '@external-id("\\u{41}")']


@st.composite
def commented(draw: st.DrawFn) -> str:
    """A text of the grammar with comments and blanks between any two of its tokens."""
    text = with_attributes(draw(texts()), draw(st.sampled_from(ATTRIBUTES)))
    parts: list[str] = []
    for token in grammar.wit().lexer.scan(Source("made.wit", text)).tokens:
        parts += [" ", draw(st.sampled_from(COMMENTS)), token.text]
    return "".join(parts)


@given(commented())
@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_grammar_makes_is_printed_as_it_was(text: str) -> None:
    assert printed(parse(Source("test.wit", text)).file) == text


@given(mutations())
@settings(max_examples=examples(200), deadline=None)
def test_a_text_with_errors_is_printed_as_it_was(text: str) -> None:
    assert printed(parse(Source("test.wit", text)).file) == text


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
def test_every_file_of_the_corpus_is_printed_as_it_was() -> None:
    paths = [path for path in sorted(CORPUS.rglob("*.wit")) if path.is_file()]
    assert len(paths) > 1000
    texts = [path.read_bytes().decode() for path in sampled(paths)]
    assert [text for text in texts if printed(parse(Source("test.wit", text)).file) != text] == []


def test_a_file_of_2022_is_printed_as_it_was() -> None:
    text = "/// a\nuse { a as b, c } from x // d\nunion u { u8, list<a> } resource r { f: func(x: handle a), }\n"
    parsed = parse_2022(Source("test.wit", text), "i")
    assert parsed.diagnostics == ()
    assert printed(parsed.file) == text


def test_a_node_can_be_printed_as_another_text(read: Callable[[str], nodes.File]) -> None:
    file = read("package a:b; interface i { type t = /* x */ list<u> /* y */; }")
    assert printed(file, lambda node: "f64" if isinstance(node, nodes.Named) else None) == (
        "package a:b; interface i { type t = /* x */ list<f64> /* y */; }"
    )
