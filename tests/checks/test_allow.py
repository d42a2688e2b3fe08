"""Comments that keep a finding: where they reach, and what is said about those that are of no use."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.checks.test_rules import load_with
from tests.work import calls
from witkit.checks import Settings, check
from witkit.checks.fixing import fix
from witkit.ir import load

HEAD = "package test:shop;\n\n"


def messages(folder: Path, body: str) -> list[str]:
    (folder / "shop.wit").write_text(HEAD + body, encoding="utf-8")
    loaded = load(folder)
    assert loaded.is_clean
    return [f"{d.rule}: {d.message}" for d in check(loaded)]


A, B = "undocumented-function: `a` has no documentation", "undocumented-function: `b` has no documentation"
ALLOW = "// witkit: allow(undocumented-function): why"


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f"interface i {{\n  a: func(); {ALLOW}\n  b: func();\n}}", [B]),
        (f"interface i {{\n  a: func(\n    x: u8,\n  ); {ALLOW}\n  b: func();\n}}", [B]),
        (f"interface i {{\n  a: func();\n  b: func();\n}} {ALLOW}", [A, B]),
        (f"interface i {{\n  {ALLOW}\n  a: func();\n  b: func();\n}}", [B]),
        (f"interface i {{\n  {ALLOW}\n  // More.\n\n  a: func();\n  b: func();\n}}", [B]),
        (f"interface i {{\n  @unstable(feature = x)\n  {ALLOW}\n  type t = u8;\n  a: func();\n  b: func();\n}}", None),
        (f"{ALLOW}\ninterface i {{\n  a: func();\n  resource r {{ b: func(); }}\n}}", []),
        (f"interface i {{\n  a: func();\n}}\n\ninterface j {{\n  b: func();\n}}\n{ALLOW.replace('w(', 'w-file(')}", []),
        ("interface i {\n  /* witkit: allow(WIT1301) */\n  a: func();\n}", []),
        ("interface i {\n  // witkit: allow(undocumented-function, WIT1301): both\n  a: func();\n}", []),
        ("interface i {\n  // witkit:allow( undocumented-function )\n  a: func();\n}", []),
    ],
    ids=[
        "end-of-line",
        "end-of-statement",
        "end-of-block",
        "above",
        "among-comments",
        "of-another-item",
        "item",
        "file",
        "block",
        "twice",
        "blanks",
    ],
)
def test_a_comment_reaches(body: str, left: list[str] | None, tmp_path: Path) -> None:
    found = messages(tmp_path, body)
    assert [m for m in found if not m.startswith("unused-allow")] == ([A, B] if left is None else left)


def test_a_comment_between_gate_and_name_is_above_the_item(tmp_path: Path) -> None:
    (tmp_path / "shop.wit").write_text(
        f"package test:shop@1.0.0;\ninterface i {{\n  @since(version = 1.0.0)\n  {ALLOW}\n  a: func();\n}}\n",
        encoding="utf-8",
    )
    assert check(load(tmp_path)) == ()


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("allow(undocumented-function)", "there is nothing here that `allow(undocumented-function)` would allow"),
        ("allow(undocumented-funktion)", "there is no rule `undocumented-funktion`"),
        ("allow(acme-billing): of a plugin", "there is no rule `acme-billing`"),
        ("allow(WIT0202): an error", "`WIT0202` is not the code of a rule: it cannot be allowed"),
        ("allow(documentation): all of them", "`documentation` is a category, not a rule"),
        ("allow()", "this comment to witkit cannot be understood"),
        ("allow undocumented-function", "this comment to witkit cannot be understood"),
        ("ignore(unused-use)", "this comment to witkit cannot be understood"),
        ("fmt of", "this comment to witkit cannot be understood"),
        ("fmt off, please", "this comment to witkit cannot be understood"),
        ("fmt on", "this comment to the formatter changes nothing"),
    ],
)
def test_a_comment_of_no_use_is_reported(comment: str, said: str, tmp_path: Path) -> None:
    found = messages(tmp_path, f"interface i {{\n  // witkit: {comment}\n  /// Documented.\n  a: func();\n}}\n")
    assert found == [f"unused-allow: {said}"]


def test_a_misspelt_rule_is_corrected_and_keeps_its_reason(tmp_path: Path) -> None:
    text = "package test:shop;\ninterface i {\n  a: func(); // witkit: allow(undocumented-funktion): of no use\n}\n"
    (tmp_path / "shop.wit").write_text(text, encoding="utf-8")
    fixed = fix(partial(load_with, tmp_path), Settings())
    assert list(fixed.texts.values()) == [text.replace("funktion", "function")]
    assert fixed.found == ()


def test_a_comment_with_a_rule_of_a_missing_plugin_is_not_removed_by_a_safe_fix(tmp_path: Path) -> None:
    text = "package test:shop;\n// witkit: allow(acme-billing): agreed with sales\ninterface i {}\n"
    (tmp_path / "shop.wit").write_text(text, encoding="utf-8")
    assert fix(partial(load_with, tmp_path), Settings()).texts == {}
    assert list(fix(partial(load_with, tmp_path), Settings(), unsafe=True).texts.values()) == [
        "package test:shop;\ninterface i {}\n"
    ]


@pytest.mark.parametrize("comment", ["fmt off", "allow(missing-gate): does not run here"])
def test_a_comment_to_others_is_left_alone(comment: str, tmp_path: Path) -> None:
    assert messages(tmp_path, f"interface i {{\n  // witkit: {comment}\n  /// Documented.\n  a: func();\n}}\n") == []


def test_a_comment_to_the_formatter_that_it_does_not_see_is_reported(tmp_path: Path) -> None:
    found = messages(tmp_path, "interface i {\n  /// Documented.\n  a: func(); // witkit: fmt off\n}\n")
    assert found == ["unused-allow: this comment to witkit cannot be understood"]


@pytest.mark.parametrize(
    "body",
    [
        "interface i {\n  /// Documented.\n  a: func(\n    // witkit: fmt off\n    x:  u8,\n  );\n}\n",
        "// witkit: fmt off\ninterface i {\n  // witkit: fmt on\n  type  t = u8;\n}\n",
        "interface i {\n  // witkit: fmt off\n  type  t = u8;\n}\n// witkit: fmt on\n",
        "interface i {\n  // witkit: fmt off\n  type  t = u8;\n  // witkit: fmt on\n  // witkit: fmt on\n}\n",
        "interface\n  // witkit: fmt off\n  i {}\n",
    ],
    ids=["parameters", "inner-block", "outer-block", "twice", "header"],
)
def test_a_comment_to_the_formatter_in_a_wrong_place_is_reported(body: str, tmp_path: Path) -> None:
    assert messages(tmp_path, body) == ["unused-allow: this comment to the formatter changes nothing"]


@pytest.mark.parametrize(
    "comment",
    ["// Witkit: allow(undocumented-function)", "// WITKIT: Allow(x)", "//witkit allow(x)", "/* witkit-allow(x) */"],
)
def test_a_comment_that_nearly_speaks_to_witkit_is_reported(comment: str, tmp_path: Path) -> None:
    found = messages(tmp_path, f"interface i {{\n  {comment}\n  a: func();\n}}\n")
    assert found == ["unused-allow: this comment to witkit cannot be understood", A]


@pytest.mark.parametrize("comment", ["// Witkit: a toolkit.", "// See witkit: allow(x).", "// witkit allows this."])
def test_a_comment_that_only_mentions_witkit_is_none_to_it(comment: str, tmp_path: Path) -> None:
    assert messages(tmp_path, f"interface i {{\n  {comment}\n  a: func();\n}}\n") == [A]


def test_a_comment_at_the_end_of_a_block_allows_nothing(tmp_path: Path) -> None:
    found = messages(tmp_path, f"interface i {{\n  a: func();\n  {ALLOW}\n}}\n")
    assert [m.partition(":")[0] for m in found] == ["undocumented-function", "unused-allow"]


def test_many_comments_are_work_in_proportion(tmp_path: Path) -> None:
    def work(number: int) -> int:
        body = "".join(f"  {ALLOW}\n  g{n}: func();\n" for n in range(number))
        (tmp_path / "shop.wit").write_text(f"{HEAD}interface i {{\n{body}}}\n", encoding="utf-8")
        loaded = load(tmp_path)
        assert check(loaded) == ()
        return calls(lambda: check(loaded))

    assert work(800) < 2.3 * work(400)
