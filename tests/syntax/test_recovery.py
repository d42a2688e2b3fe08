"""After an error reading goes on: every mistake is found, once, and the rest of the tree is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from witkit.syntax import nodes, parse
from witkit.text import Source

Findings = Callable[[str], list[str]]


def outline(text: str) -> list[object]:
    """Names of the items, each interface and world with the names in it."""
    return [_outline(item) for item in parse(Source("test.wit", text)).file.items]


def _outline(item: object) -> object:
    name = getattr(getattr(item, "name", None), "name", "")
    inner = getattr(item, "items", None)
    return name if inner is None else (name, [_outline(each) for each in inner])


FIVE = """package a:b;
interface one {
  f: func(a: u8
  type t = u8
  record r { a: u8, b c, type: u8 }
}
interface two {
  g: func() -> ;
  h: func(from: u8);
"""


def test_five_mistakes_are_five_findings_and_the_end(findings: Findings) -> None:
    assert [line.split()[0] for line in findings(FIVE)] == ["4:3", "5:3", "5:23", "5:26", "8:16", "9:11", "10:1"]


def test_what_is_right_stays_in_the_tree() -> None:
    assert outline(FIVE) == [("one", ["f", "t", "r"]), ("two", ["g", "h"])]


def test_names_in_what_had_to_be_left_out_are_known() -> None:
    file = parse(Source("test.wit", "package a:b; interface i { type t = list<; f: func(a: t); }")).file
    assert [name.name for name in file.lost] == ["t"]
    assert outline(file.source.text) == [("i", ["f"])]


def test_an_interface_that_is_not_closed_ends_where_the_next_begins(findings: Findings) -> None:
    text = "package a:b;\ninterface i { f: func();\ninterface j { g: func(); }\nworld w { import i; }"
    assert len(findings(text)) == 1
    assert outline(text)[:2] == [("i", ["f"]), ("j", ["g"])]


def test_a_broken_field_leaves_the_others() -> None:
    file = parse(Source("test.wit", "package a:b; interface i { record r { a: u8, ?!, b: list<<>, c: u8 } }")).file
    (interface,) = file.items
    assert isinstance(interface, nodes.Interface)
    (record,) = interface.items
    assert isinstance(record, nodes.Record)
    assert [field.name.name for field in record.fields] == ["a", "c"]


def test_several_broken_items_in_a_row_at_the_top_are_one_finding(findings: Findings) -> None:
    text = "record a { x: u8 }\nrecord b { x: u8 }\ninterface i { f: func(); type t = ; }"
    assert [line.split()[0] for line in findings(text)] == ["1:1", "3:35"]


@pytest.mark.parametrize(
    "text", ["", " ", "\ufeff", "// only a comment", "package a:b;", "}", "{", "@", "%", '"', "/*"]
)
def test_the_smallest_texts_make_a_file(text: str) -> None:
    file = parse(Source("test.wit", text)).file
    assert file.items == []


def test_a_file_of_2022_is_one_finding(findings: Findings) -> None:
    text = "use { error } from types\nresource r { get: function() -> expected<unit, error> }\n"
    help = "rewrite the folder: `witkit upgrade FOLDER -o OUT --package ns:name@0.1.0`"
    assert findings(text) == [f"1:5 WIT0121 this is WIT as it was in 2022; {help}"]


def test_a_page_without_wit_is_not_a_file_of_2022() -> None:
    found = parse(Source("notes.md", "# Notes\n\nNothing to see here.\n")).diagnostics
    assert "WIT0121" not in {d.code for d in found}


def test_a_text_that_is_not_wit_at_all_is_one_finding(findings: Findings) -> None:
    text = "import sys\n\n\ndef main(argv):\n    print(argv[0], sys.path)\n" * 10
    [found] = findings(text)
    assert found.startswith("1:1 WIT0122 this is not WIT: it looks like Python;")
