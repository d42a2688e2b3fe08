"""Depth and size: a limit with a message, never the interpreter's."""

from __future__ import annotations

from collections.abc import Callable

from witkit.syntax import nodes, parse
from witkit.text import Source

Read = Callable[[str], nodes.File]
Findings = Callable[[str], list[str]]


def nested(depth: int, opening: str = "list<") -> str:
    return f"package a:b; interface i {{ type t = {opening * depth}u8{'>' * depth}; type u = u8; }}"


def test_types_99_deep_are_read(read: Read) -> None:
    assert len(read(nested(99)).items) == 1


def test_types_100_deep_are_one_finding_at_the_type_too_deep(findings: Findings) -> None:
    message = "WIT0108 types are nested more than 100 deep; name an inner type with `type`"
    assert findings(nested(100)) == [f"1:537 {message}"]
    assert findings(nested(50_000)) == [f"1:537 {message}"]
    assert findings(nested(200, "tuple<u8, ")) == [f"1:1033 {message}"]


def test_the_items_after_a_type_too_deep_are_read() -> None:
    (interface,) = parse(Source("test.wit", nested(5000))).file.items
    assert isinstance(interface, nodes.Interface)
    assert [item.name.name for item in interface.items if isinstance(item, nodes.Alias)] == ["t", "u"]


def test_packages_101_deep_are_one_finding(findings: Findings) -> None:
    def packages(depth: int) -> str:
        return "package a:b;\n" + "package c:d {\n" * depth + "}" * depth

    assert findings(packages(1)) == []
    inside = "3:9 WIT0109 a nested package cannot contain another package; move it out of `c:d`"
    assert findings(packages(2)) == [inside]
    assert findings(packages(100)) == [inside]
    assert findings(packages(101)) == ["102:1 WIT0108 packages are nested more than 100 deep"]
    assert findings(packages(5000)) == ["102:1 WIT0108 packages are nested more than 100 deep"]


def test_deep_block_comments_are_read(read: Read) -> None:
    file = read("package a:b;" + "/*" * 50_000 + "*/" * 50_000)
    assert len(file.comments) == 1


def test_a_binary_file_gives_few_findings() -> None:
    assert len(parse(Source("test.wit", "\0\1\2" * 10_000)).diagnostics) <= 200
