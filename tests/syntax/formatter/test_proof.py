"""A result that is not what the text said is refused, whatever made it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from witkit.syntax import nodes
from witkit.syntax.formatter.proof import prove
from witkit.syntax.parser import parse_tokens
from witkit.text import Source, WitkitError

TEXT = "package a:b;\ninterface i {\n    f: func(a: u8); // after\n    // before\n    g: func();\n}\n"


def refused(result: str, again: Callable[[nodes.File], str] | None = None) -> str:
    parsed, tokens = parse_tokens(Source("test.wit", TEXT))
    with pytest.raises(WitkitError) as raised:
        prove(parsed.file, tokens, result, again or (lambda file: file.source.text))
    (finding,) = raised.value.diagnostics
    assert finding.code == "WIT0123"
    return finding.message.rpartition(": ")[2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: u8", "a: u16"),
        (" // after", ""),
        ("// before", "/// before"),
        ("// after", "// After"),
        ("g: func();", "h: func();"),
        ("    // before\n    g: func();", "    g: func(); // before"),
        ("func(a: u8);", "func(a: u8,); type x = u8;"),
        ("g: func();", "%g: func();"),
    ],
)
def test_other_tokens_or_comments_are_refused(old: str, new: str) -> None:
    assert old in TEXT
    assert refused(TEXT.replace(old, new)) == "tokens or comments would change"


def test_a_result_with_errors_is_refused() -> None:
    assert refused(TEXT.replace("u8", "")) == "the result does not parse"


def test_a_comment_at_another_item_is_refused() -> None:
    assert refused(TEXT.replace(" // after", "\n// after")) == "a comment would belong to something else"


def test_a_result_that_would_change_again_is_refused() -> None:
    assert refused(TEXT, lambda _: "") == "formatting the result would change it again"


def test_blanks_and_optional_commas_are_layout() -> None:
    parsed, tokens = parse_tokens(Source("test.wit", TEXT))
    prove(parsed.file, tokens, TEXT.replace("u8)", "u8  ,)"), lambda file: file.source.text)
