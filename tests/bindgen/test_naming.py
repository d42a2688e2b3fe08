"""Names: heck's rules, Python's reserved words, and names that are taken."""

from __future__ import annotations

import pytest

from witkit.bindgen.common.naming import Names, camel, case_class, escape, shouty, snake


@pytest.mark.parametrize(
    ("wit", "expected"),
    [
        ("list-keys", "ListKeys"),
        ("dns-ERR", "DnsErr"),
        ("ABC-def", "AbcDef"),
        ("http2-err", "Http2Err"),
        ("none", "None_"),
        ("true", "True_"),
        ("str", "Str"),
        ("a1-b2", "A1B2"),
    ],
)
def test_types_are_upper_camel(wit: str, expected: str) -> None:
    assert camel(wit) == expected


@pytest.mark.parametrize(
    ("wit", "expected"),
    [
        ("list-keys", "list_keys"),
        ("import", "import_"),
        ("match", "match"),
        ("print", "print"),
        ("HTTP-get", "http_get"),
    ],
)
def test_functions_and_fields_are_snake(wit: str, expected: str) -> None:
    assert snake(wit) == expected


def test_members_of_enums_are_shouty() -> None:
    assert [shouty(name) for name in ("hot-pink", "none", "x86")] == ["HOT_PINK", "NONE", "X86"]


def test_both_parts_of_a_case_are_escaped() -> None:
    assert case_class("none", "true") == "None__True_"
    assert case_class("stock-error", "not-found") == "StockError_NotFound"


def test_soft_keywords_keep_their_name() -> None:
    assert [escape(name) for name in ("type", "match", "case", "class")] == ["type", "match", "case", "class_"]


def test_a_taken_name_gives_way_to_its_alternatives() -> None:
    scope = Names({"keyvalue"})
    assert scope.claim("keyvalue", "keyvalue_export") == "keyvalue_export"
    assert scope.claim("keyvalue", "keyvalue_export") == "keyvalue_export_"
    assert scope.claim("keyvalue", "keyvalue_export") == "keyvalue_export_2"
    assert scope.claim("free") == "free"
    assert "free" in scope
