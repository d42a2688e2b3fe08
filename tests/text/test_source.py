"""Sources and spans."""

from __future__ import annotations

from witkit.text import Source


def test_what_stands_for_a_span_does_not_show_the_whole_text() -> None:
    source = Source("shop.wit", "package a:b;\nworld shop {\n}\n" + "// more\n" * 1000)
    assert repr(source.span(19, 23)) == "Span(shop.wit:2:7..2:11)"
    assert repr(source) == f"Source('shop.wit', {len(source.text)} characters)"
