"""Texts nobody would write: whatever the grammar makes is read, whatever mutation makes does no harm."""

from __future__ import annotations

import re
from functools import cache

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.lark import from_lark
from lark import Lark

from tests.sampled import examples
from witkit._resources import data_folder
from witkit.syntax import nodes, parse
from witkit.text import Source


@cache
def texts() -> st.SearchStrategy[str]:
    """Whole files, made from the grammar that the parser itself uses.

    Every terminal that is a word gets blanks around it, or two of them would run into one.
    """
    lark = Lark((data_folder("grammars") / "wit.lark").read_text(), parser="lalr", keep_all_tokens=True)
    words = {
        t.name: t.pattern.value for t in lark.terminals if t.pattern.type == "str" and t.pattern.value[0].isalpha()
    }
    explicit: dict[str, st.SearchStrategy[str]] = {name: st.just(f" {word} ") for name, word in words.items()}
    explicit["ID"] = st.sampled_from([" a ", " b-c ", " %list ", " X-1 "])
    explicit["SEMVER"] = st.sampled_from(["1.0.0", "0.2.0-rc.1+b"])
    explicit["INT"] = st.sampled_from(["4", "16"])
    explicit["QUOTED"] = st.sampled_from(['"x"', '"\\u{e9}"'])
    explicit["NOTHING"] = st.just(" _ ")
    explicit["ARROW"] = st.just(" -> ")
    explicit["SLASH"] = st.just(" / ")
    return from_lark(lark, start="start", explicit=explicit)


# Attributes have a shape of their own that the grammar leaves open.
_ATTRIBUTE = re.compile(r'@\s*[%\w-]+\s*(\((?:"[^"]*"|[^)])*\))?')


def with_attributes(text: str, attribute: str) -> str:
    """A text of the grammar with this attribute in place of each that it has."""
    return _ATTRIBUTE.sub(lambda _: attribute, re.sub(r"@([01])", r"\0\1", text)).replace("\0", "@")


@given(st.data())
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_grammar_makes_is_read(data: st.DataObject) -> None:
    text = with_attributes(data.draw(texts()), "")
    wrong = [d for d in parse(Source("test.wit", text)).diagnostics if d.code != "WIT0109"]
    assert wrong == []


SEEDS = [
    "package a:b@1.0.0;\n/// docs\ninterface i { f: func(a: list<u8, 4>) -> result<_, e>; enum e { x, y } }\n",
    "world w { import a:b/c@0.2.0; export f: async func(); include v with { a as b } use x.{y as z}; }\n",
    "@since(version = 1.0.0) interface r { resource r { constructor(); s: static func(); } record q { a: r, } }\n",
    "package c:d { interface /* /* */ */ x { type t = tuple<map<string, u8>, stream, own<r>>; flags f { a } } }",
]
PIECES = [
    *';{}<>(),:@%/.=_-"\0\t\n',
    *["/*", "*/", "//", "->", "package", "interface", "list<" * 120, "package a:b {" * 102, "record r {", "\r\n"],
    *["\ufeff", "\u202e", "\ud800", "é", "1.0.0", "use", "static ", "func", "type t = "],
]


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A right text after some cuts, insertions and repetitions."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 15)))
        middle = draw(st.sampled_from(["", *PIECES, text[start:end] * 3]))
        text = text[:start] + middle + text[end:]
    return text


@given(mutations())
@settings(max_examples=examples(400), deadline=None)
def test_no_text_makes_the_parser_fall_over(text: str) -> None:
    check(text)


@given(st.text())
@settings(max_examples=examples(100), deadline=None)
def test_no_string_makes_the_parser_fall_over(text: str) -> None:
    check(text)


def check(text: str) -> None:
    """Findings are in the text and in its order, and so are the tree's items."""
    parsed = parse(Source("test.wit", text))
    places = [d.primary for d in parsed.diagnostics]
    assert all(place is not None and 0 <= place.start <= place.end <= len(text) for place in places)
    assert [p.start for p in places if p] == sorted(p.start for p in places if p)
    at = 0
    for item in parsed.file.items:
        assert isinstance(item, nodes.Item)
        assert at <= item.span.start <= item.span.end <= len(text)
        at = item.span.end
