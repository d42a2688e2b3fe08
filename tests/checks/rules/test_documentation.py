"""Rules about what documentation says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.rules.running import findings, fixed, messages
from witkit.text import Diagnostic


def place(found: Diagnostic) -> str:
    assert found.primary is not None
    return found.primary.text


def interface(documentation: str, function: str = "price: func();") -> str:
    lines = "".join(f"  /// {line}\n" if line else "  ///\n" for line in documentation.split("\n"))
    return f"package test:shop;\n\ninterface prices {{\n{lines}  {function}\n}}\n"


@pytest.mark.parametrize(
    "documentation",
    [
        "See `price-list` in code blocks only:\n\n```\n`no-such-name`\n```",
        "`GET-it`, `a--b`, `--flag`, `shop.wit`, `stream.read`, `plain`, `--x`, `0-1`, `test-shop`, `price()`",
        "Like `prices.price` and `%price`.",
    ],
)
def test_a_reference_that_is_known_or_not_a_name_is_left_alone(documentation: str, tmp_path: Path) -> None:
    text = interface(documentation, "price: func() -> price-list;").replace(
        "interface prices {", "interface prices {\n  type price-list = string;"
    )
    assert messages("unknown-reference", text, tmp_path) == []


def test_the_new_name_of_a_getter_is_offered(tmp_path: Path) -> None:
    text = interface("Not the same as `hop-limit`.", "get-hop-limit: func() -> u8;")
    (found,) = findings("unknown-reference", text, tmp_path)
    assert found.help == "did you mean `get-hop-limit`?"
    assert place(found) == "hop-limit"


def test_known_names_are_not_reported(tmp_path: Path) -> None:
    text = interface("Counts from the `unix-epoch`, not from `my-epoch`.")
    assert messages("unknown-reference", text, tmp_path, known=("unix-epoch",)) == ["nothing here is called `my-epoch`"]


def test_names_of_features_that_are_off_are_known(tmp_path: Path) -> None:
    text = interface("See `new-price`.", "price: func();\n  @unstable(feature = x)\n  new-price: func();")
    assert messages("unknown-reference", text, tmp_path) == []


@pytest.mark.parametrize(
    "link",
    [
        "[a](https://example.com/a.md)",
        "[a](#prices)",
        "[a](shop.wit)",
        "[a](sh%6Fp.wit)",
        f"[a]({'x' * 5000}.md)",
        "[a](prices.price)",
        "`[a](no.md)`",
        "https://github.com/owner/name",
        "https://github.com/owner/name/issues/7.",
        "https://github.com/owner/other/blob/main/guide.md",
        "https://github.com/owner/name/blob/main/shop.wit#L3",
        "https://github.com/owner/name/blob/v1.0.0/removed.md",
    ],
)
def test_links_that_may_work_are_left_alone(link: str, tmp_path: Path) -> None:
    repository(tmp_path)
    assert messages("dead-link", interface(f"See {link}"), tmp_path) == []


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[a](guide.md#part)", "there is no file `guide.md`"),
        ("[a](my%20guide.md)", "there is no file `my%20guide.md`"),
        ("[a][b]\n\n[b]: docs/guide.md", "there is no file `docs/guide.md`"),
        ("https://github.com/owner/name/guide.md.", "GitHub has no file at this address, which lacks `blob/BRANCH`"),
        ("<https://github.com/owner/name/blob/main/docs/guide.md>", "this repository has no `docs/guide.md`"),
    ],
)
def test_a_link_to_a_missing_file_is_found(link: str, message: str, tmp_path: Path) -> None:
    repository(tmp_path)
    assert messages("dead-link", interface(f"See {link}"), tmp_path) == [message]


def repository(folder: Path) -> None:
    (folder / ".git").mkdir()
    remotes = {"fork": "https://github.com/me/name", "origin": "git@github.com:owner/name.git"}
    settings = "".join(f'[remote "{name}"]\n\turl = {url}\n' for name, url in remotes.items())
    (folder / ".git" / "config").write_text(settings, encoding="utf-8")


def test_a_longer_fence_holds_a_shorter_one(tmp_path: Path) -> None:
    assert messages("unclosed-code-block", interface("````\n```wit\n````"), tmp_path) == []
    assert messages("unclosed-code-block", interface("Inline ```code``` is closed."), tmp_path) == []
    assert len(messages("unclosed-code-block", interface("```\ncode\n```\n\n~~~\nmore"), tmp_path)) == 1


def test_a_tag_in_code_or_in_a_sentence_is_left_alone(tmp_path: Path) -> None:
    text = interface("Mail to shop@param.org, or use `@param`.\n\n```\n@returns nothing\n```")
    assert messages("documentation-tag", text, tmp_path) == []


def test_each_tag_is_found_with_what_to_write_instead(tmp_path: Path) -> None:
    found = findings("documentation-tag", interface("Price.\n@return cents\n- \\brief short\n@deprecated"), tmp_path)
    assert [place(d) for d in found] == ["@return", "\\brief", "@deprecated"]
    assert found[2].help.startswith("write the gate `@deprecated")


@pytest.mark.parametrize("text", ["list<tuple<string, string>>", "x<sub>2</sub>", "a < b and c > d", "`option<u8>`"])
def test_text_that_is_not_lost_in_pages_is_left_alone(text: str, tmp_path: Path) -> None:
    assert messages("type-read-as-html", interface(f"For {text}."), tmp_path) == []


def test_a_nested_type_is_put_in_backticks_as_a_whole(tmp_path: Path) -> None:
    assert fixed("type-read-as-html", interface("A result<list<u8>, error> is given."), tmp_path) == interface(
        "A `result<list<u8>, error>` is given."
    )


def test_a_block_comment_is_read_without_its_stars(tmp_path: Path) -> None:
    text = "package test:shop;\n/**\n * Prices.\n * @see other\n */\ninterface prices {}\n"
    (found,) = findings("documentation-tag", text, tmp_path)
    assert place(found) == "@see"
    assert messages("empty-documentation", "package test:shop;\n/**\n *\n */\ninterface i {}\n", tmp_path) != []


def test_a_task_alone_is_a_placeholder_and_no_more(tmp_path: Path) -> None:
    assert len(messages("placeholder-documentation", interface("TODO: "), tmp_path)) == 1
    assert messages("task-in-documentation", interface("TODO"), tmp_path) == []
    assert messages("placeholder-documentation", interface("TODO: write about currencies"), tmp_path) == []
    assert len(messages("task-in-documentation", interface("TODO: write about currencies"), tmp_path)) == 1


def test_the_template_of_a_proposal_is_a_placeholder(tmp_path: Path) -> None:
    text = interface("Short interface description\n\nExplanation for developers using this interface.")
    assert len(messages("placeholder-documentation", text, tmp_path)) == 1
    assert (
        messages("placeholder-documentation", interface("Short interface descriptions are found here."), tmp_path) == []
    )


@pytest.mark.parametrize(
    "documentation",
    [
        "The price\nof `an article`.\n\nmore",
        "`price` of an article.",
        "Three kinds:\n- one\n- two",
        "# Heading\n\ntext",
        "See <https://example.com>",
        "See https://example.com/a",
        "The price of\n`an article`.",
        "(in *cents.*)",
        "Ends with a block:\n```\ncode\n```",
    ],
)
def test_a_summary_that_is_a_sentence_is_left_alone(documentation: str, tmp_path: Path) -> None:
    assert messages("unfinished-summary", interface(documentation), tmp_path) == []


@pytest.mark.parametrize(
    ("documentation", "message"),
    [
        ("the price.", "the summary begins with a small letter"),
        ("The price\n\nof an article.", "the summary has no full stop"),
        ("The price of `an article`, in\n- cents", "the summary has no full stop"),
    ],
)
def test_a_summary_that_is_not_a_sentence_is_found(documentation: str, message: str, tmp_path: Path) -> None:
    assert messages("unfinished-summary", interface(documentation), tmp_path) == [message]


@pytest.mark.parametrize(
    ("comment", "lines"),
    [
        ("/** One. */", "  /// One.\n"),
        ("/**\n   * One.\n   *\n   *   Two.\n   */", "  /// One.\n  ///\n  ///   Two.\n"),
        ("/**\n    One.\n      Two.\n  */", "  /// One.\n  ///   Two.\n"),
        ("/** One.\n\n    Two. */", "  /// One.\n  ///\n  /// Two.\n"),
    ],
)
def test_a_block_becomes_lines(comment: str, lines: str, tmp_path: Path) -> None:
    before = f"package test:shop;\ninterface i {{\n  {comment}\n  f: func();\n}}\n"
    rule = "starred-documentation" if "*\n" in comment[3:] else "block-documentation"
    assert fixed(rule, before, tmp_path) == f"package test:shop;\ninterface i {{\n{lines}  f: func();\n}}\n"


def test_what_follows_a_block_in_its_line_gets_a_line_of_its_own(tmp_path: Path) -> None:
    before = "package test:shop;\ninterface i {\n  /** One. */ f: func();\n}\n"
    after = "package test:shop;\ninterface i {\n  /// One.\n  f: func();\n}\n"
    assert fixed("block-documentation", before, tmp_path) == after


def test_a_block_after_something_in_its_line_has_no_fix(tmp_path: Path) -> None:
    text = "package test:shop;\ninterface i {\n  f: func(\n/** A. */ a: u8); /** B. */\n  g: func();\n}\n"
    assert [d.fix is not None for d in findings("block-documentation", text, tmp_path)] == [True]


@pytest.mark.parametrize("link", ["[a][]", "[0][1]", "a[i][j]", "[a][b](c)", "`[a][b]`", "[a][B]\n\n[b]: https://b.c"])
def test_links_that_need_no_address_are_left_alone(link: str, tmp_path: Path) -> None:
    assert messages("undefined-link", interface(f"See {link}"), tmp_path) == []


def test_a_link_with_code_as_its_text_needs_an_address(tmp_path: Path) -> None:
    assert messages("undefined-link", interface("See [`a`][b]."), tmp_path) == ["nothing here defines `b`"]


def test_documentation_repeats_only_in_one_scope(tmp_path: Path) -> None:
    text = (
        "package test:shop;\ninterface i {\n  resource a {\n    /// The very same four words.\n    f: func();\n  }\n"
        "  resource b {\n    /// The very same four words.\n    f: func();\n    /// Closes it.\n    g: func();\n"
        "    /// Closes it.\n    h: func();\n    /// The very same\n    /// four words.\n    j: func();\n  }\n}\n"
    )
    assert messages("repeated-documentation", text, tmp_path) == ["`j` has the documentation of `f`"]


def test_the_readme_beside_a_folder_wit_is_read(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    readme = "# Shop\n\n## Goals [or uses]\n\n<!-- TK -->\n\n## Champions\n\n- [Champion 1]\n"
    (tmp_path / "README.md").write_text(readme, encoding="utf-8")
    found = findings(
        "incomplete-readme", interface("x"), tmp_path / "wit", headings=("Goals", "champions", "Non-goals")
    )
    assert [d.message for d in found] == ["the README of `test:shop` lacks `Non-goals`", "this is text of the template"]
    assert [Path(d.primary.source.name).name for d in found if d.primary] == ["README.md", "README.md"]


def test_a_readme_that_is_missing_or_elsewhere_is_not_reported(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "README.md").write_text("# Many things\n", encoding="utf-8")
    assert messages("incomplete-readme", interface("x"), tmp_path / "shop") == []
