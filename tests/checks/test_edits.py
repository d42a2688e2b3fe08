"""The edits that fixes are made of."""

from __future__ import annotations

import pytest

from witkit.checks.edits import line_above, remove
from witkit.text import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\n  b;\r\n", "x\r\n  "),
        ("a\n  b;\n", "x\n  "),
        ("a\r\n  b;", "x\r\n  "),
        ("b;", "x\n"),
        ("a b;\n", "x "),
    ],
)
def test_a_line_above_ends_as_the_lines_around_it(text: str, expected: str) -> None:
    start = text.index("b")
    assert line_above(Source("a.wit", text).span(start, start + 1), "x").text == expected


@pytest.mark.parametrize(
    ("text", "rest"),
    [("a;\n  b;\nc;\n", "a;\nc;\n"), ("a; b;\nc;\n", "a;\nc;\n"), ("b; c;\n", " c;\n"), ("  b;", "")],
)
def test_what_is_removed_takes_its_line_or_its_space_along(text: str, rest: str) -> None:
    start = text.index("b;")
    edit = remove(Source("a.wit", text).span(start, start + 2))
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == rest
