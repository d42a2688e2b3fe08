"""One comment of each form between any two tokens: the file can be formatted, and the result stays as it is."""

from __future__ import annotations

import pytest

from witkit.syntax.formatter.formatting import format_text
from witkit.syntax.grammar import wit
from witkit.text import Source

TEXTS = [
    "package a:b@1.0.0;",
    "use c:d/e as f;",
    "@since(version = 1.0.0)\ninterface i { type t = u8; }",
    "interface i { use f.{t as u, v,}; }",
    "interface i { record r { x: u8, y: list<t>, } }",
    "interface i { variant w { one, two(u8) } resource q; }",
    "interface i { resource z { constructor(a: u8); } }",
    "interface i { g: async func(p: u8) -> result<_, t>; }",
    "world o { include n with { a as b } export i; }",
    "world o { import f: interface { k: func(); } }",
]


def places(text: str) -> list[int]:
    return [token.start for token in wit().lexer.scan(Source("a.wit", text)).tokens]


COMMENTS = {
    "own-line": "\n// c\n",
    "end-of-line": " // c\n",
    "block": " /* c */ ",
    "block-line": "\n/* c */\n",
    "block-lines": " /*\n c\n*/ ",
    "off": "\n// witkit: fmt off\n",
    "on": "\n// witkit: fmt on\n",
}


@pytest.mark.parametrize("comment", COMMENTS.values(), ids=list(COMMENTS))
def test_a_comment_can_be_anywhere(comment: str) -> None:
    for text in TEXTS:
        for at in places(text):
            assert_stays(f"{text[:at]}{comment}{text[at:]}")


@pytest.mark.parametrize("text", TEXTS)
def test_fmt_off_and_on_can_be_anywhere(text: str) -> None:
    found = places(text)
    for number, at in enumerate(found):
        for until in found[number + 1 : number + 9 : 2]:
            assert_stays(f"{text[:at]}\n// witkit: fmt off\n{text[at:until]}\n// witkit: fmt on\n{text[until:]}")


def assert_stays(text: str) -> None:
    result = format_text(Source("a.wit", text))
    assert format_text(Source("a.wit", result)) == result
