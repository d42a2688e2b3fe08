"""Rules about names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.rules.running import findings, fixed, messages


def interface(*items: str) -> str:
    return "package test:shop;\n\ninterface prices {\n" + "".join(f"  {item}\n" for item in items) + "}\n"


def functions(*names: str) -> list[str]:
    return [f"{name}: func({'value: u8' if name.startswith('set-') else ''})" for name in names]


def getters(*names: str) -> str:
    results = (f"{each}{'' if 'set-' in each else ' -> u8'};" for each in functions(*names))
    return interface(*results)


PAIRS = ("get-a", "set-a", "b", "set-b")


@pytest.mark.parametrize(
    ("style", "message"),
    [
        ("most", "`b` is without `get-`, unlike other getters"),
        ("get", "`b` is without `get-`, unlike other getters"),
        ("plain", "`get-a` is with `get-`, unlike other getters"),
    ],
)
def test_the_style_of_getters_can_be_chosen(style: str, message: str, tmp_path: Path) -> None:
    assert messages("inconsistent-getter", getters(*PAIRS), tmp_path, style=style) == [message]


def test_getters_are_compared_with_most_of_the_package(tmp_path: Path) -> None:
    text = getters("a", "set-a", "b", "set-b", "get-c", "set-c", "get-d")
    (found,) = findings("inconsistent-getter", text, tmp_path)
    assert found.help == "call it `c`"


def test_a_function_without_a_result_or_a_setter_is_not_a_getter(tmp_path: Path) -> None:
    text = interface(
        "get-a: func() -> u8;", "set-a: func(value: u8);", "b: func();", "set-b: func();", "c: func() -> u8;"
    )
    assert messages("inconsistent-getter", text, tmp_path) == []


def test_only_the_first_name_with_a_word_in_capitals_is_reported(tmp_path: Path) -> None:
    text = interface("enum e { DNS-error, DNS-timeout, IO-DNS, io }", "dns: func();")
    found = findings("inconsistent-case", text, tmp_path)
    assert [d.message for d in found] == [f"`{word}` is in small letters in other names" for word in ("DNS", "IO")]
    assert [d.related[0].span.text for d in found] == ["dns", "io"]


def test_capitals_alone_are_consistent(tmp_path: Path) -> None:
    text = interface("enum e { DNS-error, TLS-error }", "f: func() -> e;")
    assert messages("inconsistent-case", text, tmp_path) == []
    assert len(messages("uppercase-name", text, tmp_path)) == 2


@pytest.mark.parametrize(
    "items",
    [
        ("resource b { c-d: func(); }", "resource b-c { d: func(); }"),
        ("resource b { c: func(); }", "method-b-c: func();"),
        ("resource b { c: static func(); }", "static-b-c: func();"),
        ("resource b { constructor(); }", "constructor-b: func();"),
        ("resource b { constructor(); new: func(); }",),
    ],
)
def test_functions_with_one_name_in_a_language_collide(items: tuple[str, ...], tmp_path: Path) -> None:
    assert len(messages("colliding-functions", interface(*items), tmp_path)) == 1


@pytest.mark.parametrize(
    "items",
    [
        ("resource b { c-d: func(); }", "resource b-c { d: static func(); }"),
        ("resource b { new: static func() -> b; }",),
        ("resource b { constructor(); }", "new: func();"),
    ],
)
def test_functions_with_different_names_do_not_collide(items: tuple[str, ...], tmp_path: Path) -> None:
    assert messages("colliding-functions", interface(*items), tmp_path) == []


def test_functions_of_an_interface_inside_a_world_are_looked_at(tmp_path: Path) -> None:
    text = (
        "package test:shop;\nworld w {\n  import a: interface {\n"
        "    resource b { constructor(); new: func(); }\n  }\n}\n"
    )
    assert len(messages("colliding-functions", text, tmp_path)) == 1


def test_a_keyword_keeps_its_escape(tmp_path: Path) -> None:
    text = interface("%type: func(%a: list<%list>);", "record %list { %from: u8, %to: u8 }")
    after = interface("%type: func(a: list<%list>);", "record %list { %from: u8, to: u8 }")
    assert fixed("needless-escape", text, tmp_path) == after


def test_a_keyword_counts_in_the_languages_that_are_chosen(tmp_path: Path) -> None:
    text = interface("record r { def: u8, fn: u8 }", "f: func(chan: r);")
    assert messages("keyword-name", text, tmp_path, languages=("rust", "go")) == [
        "`fn` is a keyword in rust",
        "`chan` is a keyword in go",
    ]


def test_types_and_cases_begin_with_a_capital(tmp_path: Path) -> None:
    text = interface("enum class { none, default }", "resource yield { constructor(); }")
    assert messages("keyword-name", text, tmp_path) == ["`none` is a keyword in python"]


def test_a_name_in_several_languages_lists_them(tmp_path: Path) -> None:
    assert messages("keyword-name", interface("%static: func();"), tmp_path) == [
        "`static` is a keyword in c, java, javascript and rust"
    ]


def test_a_method_repeats_its_resource_but_a_function_not_its_interface(tmp_path: Path) -> None:
    text = interface("resource b { b-name: func(); open-b: func(); bee: func(); }", "prices-list: func();")
    assert [d.help for d in findings("repeated-name", text, tmp_path)] == ["call it `name`", "call it `open`"]
