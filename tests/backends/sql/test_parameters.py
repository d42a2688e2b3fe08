"""The parameters of a statement, for each way that databases write strings, names and comments."""

from __future__ import annotations

import pytest

from witkit.backends.failure import Failure, Kind
from witkit.backends.sql.parameters import bound, for_mariadb, for_postgresql


@pytest.mark.parametrize(
    "text",
    ["$1", "'$9' $1", '"$9" $1', "[$9] $1", "`$9` $1", "-- $9\n$1", "/* $9 */ $1", "'it''s $9' $1", "$1 /* $9", "$1$1"],
)
def test_parameters_in_text_names_and_comments_of_sqlite_are_left_alone(text: str) -> None:
    assert bound(text, ["a"]) == {"1": "a"}


@pytest.mark.parametrize(
    "text",
    [
        "'?' ",
        "'it''s ?' ",
        '"?" ',
        '"a""?" ',
        "E'it\\'s ?' ",
        "$$ ? $$ ",
        "$body$ ? $$ ? $body$ ",
        "-- ?\n",
        "/* ? */ ",
        "/* /* ? */ ? */ ",
        "'a\\' ",
        "price$2 ",
    ],
)
def test_what_postgresql_takes_as_text_names_and_comments_is_left_alone(text: str) -> None:
    assert for_postgresql(f"SELECT {text}?", ["a"]) == f"SELECT {text}$1"
    assert for_postgresql(f"SELECT {text}$1", ["a"]) == f"SELECT {text}$1"


@pytest.mark.parametrize(
    "text",
    [
        "'?' ",
        "'it\\'s ?' ",
        '"? \\" ?" ',
        "`?` ",
        "# ?\n",
        "-- ?\n",
        "/* ? */ ",
        "'a''?' ",
        "price$2 ",
        "5--",
        "@user ",
    ],
)
def test_what_mariadb_takes_as_text_names_and_comments_is_left_alone(text: str) -> None:
    assert for_mariadb(f"SELECT {text}?", ["a"]) == (f"SELECT {text}?", ["a"])
    assert for_mariadb(f"SELECT {text}$1", ["a"]) == (f"SELECT {text}?", ["a"])


def test_mariadb_gets_the_values_in_the_order_of_their_places() -> None:
    assert for_mariadb("$2, $1, '$1', $2", ["a", "b"]) == ("?, ?, '$1', ?", ["b", "a", "b"])


def test_question_marks_become_numbers_for_postgresql() -> None:
    assert for_postgresql("a = ? AND b = ?", ["1", "2"]) == "a = $1 AND b = $2"


@pytest.mark.parametrize(
    ("text", "values", "sent"),
    [
        ("doc ? 'a'", [], "doc ? 'a'"),
        ("doc ? $1", ["a"], "doc ? $1"),
        ("doc ?| $1", ["{a}"], "doc ?| $1"),
        ("doc ?? ?", ["a"], "doc ? $1"),
        ("doc ??| ?", ["{a}"], "doc ?| $1"),
        ("doc @?? ?::jsonpath", ["$"], "doc @? $1::jsonpath"),
    ],
)
def test_operators_of_postgresql_with_a_question_mark_can_be_written(text: str, values: list[str], sent: str) -> None:
    assert for_postgresql(text, values) == sent


@pytest.mark.parametrize("rewritten", [bound, for_postgresql, for_mariadb])
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$1", []),
        ("$1, $3", ["a", "b"]),
        ("1", ["a"]),
        ("$01", ["a"]),
        ("$name", ["a"]),
        ("?, ?", ["a"]),
        ("?", ["a"] * 2),
    ],
)
def test_a_wrong_number_of_values_is_refused_before_anything_is_sent(
    rewritten: object, text: str, values: list[str]
) -> None:
    assert callable(rewritten)
    with pytest.raises(Failure) as refused:
        rewritten(f"SELECT {text}", values)
    assert refused.value.kind is Kind.INVALID_REQUEST


@pytest.mark.parametrize(
    "text",
    ["'" * 50_001, "/*" * 50_000, " ".join(f"$a{number}$" for number in range(20_000)), "E'\\" * 30_000, "?" * 50_000],
    ids=["quotes", "comments", "dollars", "escapes", "marks"],
)
def test_a_long_statement_without_end_is_looked_through_once(text: str) -> None:
    for rewritten in (bound, for_postgresql, for_mariadb):
        with pytest.raises(Failure):
            rewritten(text, ["a"])
