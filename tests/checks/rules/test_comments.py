"""Rules about comments: what is documentation, of which item, and what is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.checks.rules.running import findings, fixed, messages
from tests.ir.conftest import reference


@pytest.mark.parametrize(
    "text",
    [
        "/// Copyright 2026 The Shop\n/// Sells things.\npackage test:shop;\n",
        "/** SPDX-License-Identifier: MIT */\npackage test:shop;\n",
        "// Licensed under the Apache License, Version 2.0\npackage test:shop;\n",
    ],
)
def test_a_licence_above_the_package_is_not_documentation(text: str, tmp_path: Path) -> None:
    found = messages("comment-becomes-documentation", text, tmp_path)
    assert found == ["a licence becomes the documentation of the package"]


def test_a_comment_about_licence_keys_is_not_a_licence(tmp_path: Path) -> None:
    text = "package test:shop;\ninterface i {\n  // Checks the license of a program.\n  check: func();\n}\n"
    assert messages("comment-becomes-documentation", text, tmp_path) == []


def test_documentation_between_two_gates_moves_above_both(tmp_path: Path) -> None:
    text = (
        "package test:shop@1.1.0;\ninterface i {\n"
        "  @since(version = 1.0.0) /// One.\n  /// Two.\n  @deprecated(version = 1.1.0)\n"
        "  /// Three.\n  f: func();\n}\n"
    )
    assert fixed("documentation-after-gate", text, tmp_path) == (
        "package test:shop@1.1.0;\ninterface i {\n"
        "  /// One.\n  /// Two.\n  /// Three.\n"
        "  @since(version = 1.0.0)\n  @deprecated(version = 1.1.0)\n  f: func();\n}\n"
    )


def test_a_plain_comment_after_a_gate_stays(tmp_path: Path) -> None:
    text = "package test:shop@1.0.0;\n@since(version = 1.0.0)\n// Checked.\ninterface i {}\n"
    assert messages("documentation-after-gate", text, tmp_path) == []


def test_documentation_after_the_last_item_of_a_line_moves_above_it(tmp_path: Path) -> None:
    text = "package test:shop;\ninterface i {\n  enum e {\n    a, ///< First.\n    b ///< Last.\n  }\n}\n"
    assert fixed("documentation-of-next-item", text, tmp_path) == (
        "package test:shop;\ninterface i {\n  enum e {\n    /// First.\n    a,\n    /// Last.\n    b\n  }\n}\n"
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("documentation-of-next-item", "interface i {\n  f: func(a: u8, /// A.\n    b: u8);\n}\n"),
        ("documentation-of-next-item", "interface i { type t = u8; /// T.\n  type v = u8;\n}\n"),
        ("documentation-after-gate", "interface i { @since(version = 1.0.0)\n  /// F.\n  f: func();\n}\n"),
    ],
)
def test_documentation_that_moves_into_a_line_makes_no_comment_of_its_rest(
    rule: str, text: str, tmp_path: Path
) -> None:
    text = f"package test:shop@1.0.0;\n{text}"
    before = re.sub(r"///.*|\s", "", text)
    after = fixed(rule, text, tmp_path)
    assert after != text
    assert re.sub(r"///.*|\s", "", after) == before


def test_documentation_in_the_middle_of_an_import_stays(tmp_path: Path) -> None:
    text = "package test:shop;\ninterface i {}\nworld w {\n  import i /// I.\n  ;\n}\n"
    assert [found.fix for found in findings("documentation-of-next-item", text, tmp_path)] == [None]


def test_documentation_after_the_name_of_a_package_stays_if_another_file_documents_it(tmp_path: Path) -> None:
    (tmp_path / "documented.wit").write_text("/// All about shops.\npackage test:shop;\n", encoding="utf-8")
    text = "package test:shop; /// A shop.\ninterface i {}\n"
    assert [found.fix for found in findings("documentation-of-next-item", text, tmp_path)] == [None]


def test_documentation_after_the_name_of_a_package_moves_above_it(tmp_path: Path) -> None:
    text = "package test:shop; /// A shop.\n\ninterface i {}\n"
    assert fixed("documentation-of-next-item", text, tmp_path) == (
        "/// A shop.\npackage test:shop;\n\ninterface i {}\n"
    )


def test_a_remark_at_the_end_of_a_line_is_left_alone(tmp_path: Path) -> None:
    text = "package test:shop;\ninterface i {\n  enum e { a, // First.\n    /** Second. */ b }\n}\n"
    assert messages("documentation-of-next-item", text, tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "package test:shop;\ninterface i {}\n/// At the end.\n",
        "package test:shop;\ninterface i { /// In an empty block.\n}\n",
        "package test:shop;\ninterface i {\n  f: func(a: u8\n  /// At the end of a list.\n  );\n}\n",
        "package test:shop;\ninterface i {\n  f: func();\n  // A remark.\n  /// Of nothing.\n}\n",
    ],
)
def test_documentation_without_an_item_is_found(text: str, tmp_path: Path) -> None:
    assert messages("documentation-of-nothing", text, tmp_path) == ["this documents nothing"]


def test_documentation_above_an_escaped_name_or_a_gate_is_of_an_item(tmp_path: Path) -> None:
    text = (
        "/// P.\npackage test:shop@1.0.0;\n/// I.\n@since(version = 1.0.0)\ninterface i {\n"
        "  /// F.\n\n  // Remark.\n  %f: func(/** A. */ a: u8);\n}\n"
    )
    assert messages("documentation-of-nothing", text, tmp_path) == []


def test_a_remark_becomes_documentation_of_the_item_in_the_next_line(tmp_path: Path) -> None:
    text = (
        "package test:shop; // Shop.\ninterface i { // Prices.\n  enum e { a, /* A. */ b, // B.\n    c, // C.\n  }\n"
        "  f: func(); // witkit: allow(x)\n  g: func();\n}\n"
    )
    assert messages("remark-becomes-documentation", text, tmp_path) == [
        "this becomes the documentation of `i`",
        "this becomes the documentation of `e`",
        "this becomes the documentation of `c`",
    ]


def test_space_after_a_comment_goes_and_a_line_end_stays(tmp_path: Path) -> None:
    text = "/// P.  \r\npackage test:shop;\r\n// Q.\t\r\ninterface i {}\r\n"
    after = "/// P.\r\npackage test:shop;\r\n// Q.\r\ninterface i {}\r\n"
    assert fixed("trailing-space", text, tmp_path) == after


def test_every_cramped_line_gets_a_space(tmp_path: Path) -> None:
    text = "///P.\n///\n/// Q.\n///R.\npackage test:shop;\n////////\ninterface i {}\n"
    after = "/// P.\n///\n/// Q.\n/// R.\npackage test:shop;\n////////\ninterface i {}\n"
    assert fixed("cramped-documentation", text, tmp_path) == after


@pytest.mark.parametrize(
    ("rule", "text", "documentation"),
    [
        (
            "documentation-after-gate",
            "@since(version = 1.0.0)\n/// Lost.\nrecord r { a: u8, b: u8 }",
            [None, None, None],
        ),
        ("documentation-of-next-item", "record r {\n  a: u8, /// A.\n  b: u8,\n}", [None, None, "A."]),
        ("documentation-of-nothing", "record r {\n  a: u8,\n  b: u8,\n  /// Lost.\n}", [None, None, None]),
        ("remark-becomes-documentation", "record r {\n  a: u8, // A.\n  b: u8,\n}", [None, None, "A."]),
        ("comment-becomes-documentation", "// TODO: c\n\nrecord r { a: u8, b: u8 }", ["TODO: c", None, None]),
        ("starred-documentation", "/**\n * R.\n */\nrecord r { a: u8, b: u8 }", ["\n * R.", None, None]),
    ],
)
def test_wasm_tools_reads_comments_as_the_rules_say(
    rule: str, text: str, documentation: list[str | None], tmp_path: Path
) -> None:
    text = f"package test:shop@1.0.0;\ninterface i {{\n{text}\n}}\n"
    assert len(messages(rule, text, tmp_path)) == 1
    answer = json.loads(reference("component", "wit", tmp_path, "--json").stdout)
    (record,) = answer["types"]
    items = [record, *record["kind"]["record"]["fields"]]
    assert [item.get("docs", {}).get("contents") for item in items] == documentation


@pytest.mark.parametrize("comment", ["//! About all of it.", "//////////\n  // Prices //\n  //////////"])
def test_what_is_not_about_the_item_below_is_not_made_documentation(comment: str, tmp_path: Path) -> None:
    text = f"package example:shop;\ninterface i {{\n  {comment}\n  f: func();\n}}\n"
    assert [d.fix for d in findings("undocumented-function", text, tmp_path) if d.fix] == []
