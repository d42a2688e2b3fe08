"""The style of docs/style.md: what a text looks like after formatting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from witkit.syntax.formatter.formatting import format_text
from witkit.syntax.formatter.options import FormatOptions
from witkit.text import Source, WitkitError

PAGE = Path(__file__).resolve().parents[3] / "docs" / "style.md"
CASES = sorted((Path(__file__).parent / "cases").iterdir())


def formatted(text: str, options: FormatOptions = FormatOptions()) -> str:  # noqa: B008  # it is frozen
    return format_text(Source("test.wit", text), options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_text_gets_its_style(case: Path) -> None:
    after = (case / "after.wit").read_text(encoding="utf-8")
    assert formatted((case / "before.wit").read_text(encoding="utf-8")) == after
    assert formatted(after) == after


@pytest.mark.parametrize("example", re.findall(r"```wit\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
def test_the_examples_of_the_page_are_formatted(example: str) -> None:
    assert formatted(example) == example


def test_an_indent_of_two_and_another_width_can_be_chosen() -> None:
    text = "package a:b;\ninterface i {\nf: func(a: string, b: string);\n}"
    assert formatted(text, FormatOptions(indent_width=2, line_width=30)) == (
        "package a:b;\ninterface i {\n  f: func(\n    a: string,\n    b: string,\n  );\n}\n"
    )


def test_line_ends_are_those_of_the_first_line() -> None:
    assert formatted("package a:b; // c \r\ninterface i {}\n") == "package a:b; // c\r\ninterface i {}\r\n"
    assert formatted("package a:b;\ninterface i {}\r\n") == "package a:b;\ninterface i {}\n"


def test_a_byte_order_mark_stays() -> None:
    assert formatted("\ufeffpackage  a:b;") == "\ufeffpackage a:b;\n"


@pytest.mark.parametrize("text", ["", "\n\n", "  \t\r\n"])
def test_an_empty_file_is_empty(text: str) -> None:
    assert formatted(text) == ""


def test_a_file_of_comments_is_a_file_of_comments() -> None:
    assert formatted("  // a  \n\n\n /* b */ // c") == "// a\n\n/* b */ // c\n"


def test_a_comma_between_two_comments_stays_between_them() -> None:
    text = "package a:b;\ninterface i { enum e { a // x\n, // y\n } }"
    assert formatted(text).splitlines()[2:7] == ["    enum e {", "        a // x", "            , // y", "    }", "}"]


def test_a_text_that_does_not_parse_is_refused() -> None:
    with pytest.raises(WitkitError, match="expected `;`"):
        formatted("package a:b")


def test_a_directive_inside_a_statement_or_after_one_has_no_effect() -> None:
    text = "package a:b;\ninterface i {\n    f: func(); // witkit: fmt off\n    g:   func();\n}\n"
    assert "    g: func();" in formatted(text)


def test_a_directive_after_a_byte_order_mark_has_an_effect() -> None:
    text = "// witkit: fmt off\npackage   a:b;\n"
    assert formatted(f"\ufeff{text}") == formatted(f"\ufeff\n{text}") == f"\ufeff{text}"


def test_a_comment_of_several_lines_does_not_make_its_statement_long() -> None:
    text = "package a:b;\ninterface i {\n    /* " + "x" * 100 + "\n    y */ f: func(a: u8);\n}\n"
    assert formatted(text) == text
