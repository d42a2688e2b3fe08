"""Sources and spans."""

from __future__ import annotations

from witkit.text import Source


def test_what_stands_for_a_span_does_not_show_the_whole_text() -> None:
    source = Source("shop.wit", "package a:b;\nworld shop {\n}\n" + "// more\n" * 1000)
    assert repr(source.span(19, 23)) == "Span(shop.wit:2:7..2:11)"
    assert repr(source) == f"Source('shop.wit', {len(source.text)} characters)"


def test_lines_and_columns_count_from_one() -> None:
    source = Source("shop.wit", "\nab\r\n\ncd")
    assert [source.position(offset) for offset in (0, 1, 3, 5, 6, 8)] == [
        (1, 1),
        (2, 1),
        (2, 3),
        (3, 1),
        (4, 1),
        (4, 3),
    ]
    assert [source.line(number) for number in (1, 2, 3, 4)] == ["", "ab", "", "cd"]


def test_a_carriage_return_alone_ends_no_line() -> None:
    assert Source("shop.wit", "a\rb").position(2) == (1, 3)


def test_a_byte_order_mark_is_not_a_column() -> None:
    source = Source("shop.wit", "\ufeffpackage\na")
    assert [source.position(offset) for offset in (0, 1, 2, 9)] == [(1, 1), (1, 1), (1, 2), (2, 1)]
    assert [source.line(number) for number in (1, 2)] == ["package", "a"]
