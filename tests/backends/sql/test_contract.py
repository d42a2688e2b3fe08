"""SQL: what every backend promises."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from tests.backends.sql.databases import TABLE, Dialect, Shop
from witkit import Err
from witkit.interfaces.sql import sql as api

HOSTILE = [
    "'); DROP TABLE orders; --",
    "' OR '1' = '1",
    "\\'; DROP TABLE orders; #",
    "\\",
    "'",
    '"',
    "$1",
    "?",
    "%s %% {0}",
    "_utf8mb4 X'00'",
    "$$; DROP TABLE orders; $$",
    "/* */ -- `",
    "\x1a\r\n\t\x08",
    "¿' \u02bc; 税 😀",
    "",
    " a ",
]


def test_rows_come_one_after_the_other_in_the_order_of_their_columns(shop: Shop) -> None:
    shop.exec("INSERT INTO orders (number, item) VALUES (1, 'tea'), (2, 'pot')")
    assert shop.query("SELECT number, item, item FROM orders ORDER BY number") == [
        ("number", 1),
        ("item", "tea"),
        ("item", "tea"),
        ("number", 2),
        ("item", "pot"),
        ("item", "pot"),
    ]


def test_a_statement_without_rows_gives_none(shop: Shop) -> None:
    assert shop.query("SELECT * FROM orders") == []
    assert shop.query("DELETE FROM orders") == []


@pytest.mark.parametrize("style", ["$", "?"])
def test_a_hostile_value_stays_a_value(shop: Shop, style: str) -> None:
    marks = "$1, $2" if style == "$" else "?, ?"
    for number, value in enumerate(HOSTILE):
        shop.exec(f"INSERT INTO orders (number, item) VALUES ({marks})", str(number), value)
        found = shop.query(
            f"SELECT item FROM orders WHERE item = {style.replace('$', '$1')} AND number >= {number}", value
        )
        assert found == [("item", value)]
    assert len(shop.query("SELECT number FROM orders")) == len(HOSTILE)


def test_a_value_may_be_large(shop: Shop, dialect: Dialect) -> None:
    shop.exec("CREATE TABLE texts (body TEXT)" if dialect.binary == "BYTEA" else "CREATE TABLE texts (body LONGTEXT)")
    text = "täglich '\\ " * 100_000
    shop.exec("INSERT INTO texts VALUES ($1)", text)
    assert shop.query("SELECT body FROM texts") == [("body", text)]


def test_parameters_may_come_in_any_order_and_more_than_once(shop: Shop) -> None:
    shop.exec("INSERT INTO orders (item, number) VALUES ($2, $1)", "7", "tea")
    same = "SELECT number FROM orders WHERE item = $2 AND number = $1 AND item = $2"
    assert shop.query(same, "7", "tea") == [("number", 7)]


def test_a_text_becomes_the_type_that_it_is_needed_as(shop: Shop) -> None:
    shop.exec("INSERT INTO orders (number, item, price) VALUES ($1, $2, $3), (8, 'pot', NULL)", "7", "tea", "3.5")
    assert shop.query("SELECT number, price FROM orders WHERE number = $1", "7") == [("number", 7), ("price", 3.5)]
    assert shop.query("SELECT item FROM orders WHERE price < $1", "10") == [("item", "tea")]
    assert shop.query("SELECT item FROM orders ORDER BY number LIMIT $1", "1") == [("item", "tea")]


NOT_UNDERSTOOD = [
    ("SELECT $1", []),
    ("SELECT $1, $3", ["a", "b"]),
    ("SELECT 1", ["a"]),
    ("SELECT '$1'", ["a"]),
    ("SELECT $name", ["a"]),
    ("SELECT ?", []),
    ("SELECT ?", ["a", "b"]),
    ("SELECT ?, $1", ["a"]),
    ("SELECT :a", ["a"]),
    ("SELEC 1", []),
    ("SELEC $1", ["a"]),
    ("SELECT * FROM nowhere", []),
    ("SELECT nothing FROM orders", []),
    ("SELECT 1; SELECT 2", []),
    ("SELECT $1; DROP TABLE orders", ["a"]),
    ("SELECT 1\0; DROP TABLE orders", []),
]


def test_what_the_database_does_not_understand_is_syntax_error(shop: Shop, subtests: pytest.Subtests) -> None:
    for text, params in NOT_UNDERSTOOD:
        with subtests.test(text, params=params):
            with fails_with(api.SqlError_SyntaxError):
                shop.query(text, *params)
            with fails_with(api.SqlError_SyntaxError):
                shop.exec(text, *params)
            assert shop.query("SELECT * FROM orders") == []


def test_a_broken_constraint_is_constraint_violation_and_changes_nothing(shop: Shop, subtests: pytest.Subtests) -> None:
    shop.exec("CREATE TABLE parts (number INTEGER NOT NULL, FOREIGN KEY (number) REFERENCES orders (number))")
    for text in (
        "INSERT INTO orders (number, item) VALUES (1, NULL)",
        "INSERT INTO orders (number) VALUES (1)",
        "INSERT INTO orders (number, item) VALUES (1, 'a'), (1, 'b')",
        "INSERT INTO orders (number, item, price) VALUES (1, 'a', -1)",
        "INSERT INTO parts (number) VALUES (99)",
    ):
        with subtests.test(text):
            with fails_with(api.SqlError_ConstraintViolation):
                shop.exec(text)
            assert shop.query("SELECT number FROM orders") == []


def seen_by(other: Shop) -> list[tuple[str, Any]]:
    """The orders that another user sees. In memory, it waits for the end of a transaction until the limit."""
    try:
        return other.query("SELECT item FROM orders")
    except Err as busy:
        if busy.value != api.SqlError_UnexpectedError("other users of the database did not finish in time"):
            raise
        return []


def test_a_transaction_goes_over_several_calls(sql: api.SqlInterface, shop: Shop) -> None:
    other = Shop(sql)
    shop.exec("BEGIN")
    shop.exec("INSERT INTO orders (number, item) VALUES (1, 'tea')")
    assert seen_by(other) == []
    assert shop.query("SELECT item FROM orders") == [("item", "tea")]
    shop.exec("COMMIT")
    assert other.query("SELECT item FROM orders") == [("item", "tea")]
    shop.exec("BEGIN")
    shop.exec("DELETE FROM orders")
    shop.exec("ROLLBACK")
    assert shop.query("SELECT item FROM orders") == [("item", "tea")]


def test_a_transaction_that_was_not_ended_is_undone_with_its_handle(sql: api.SqlInterface, shop: Shop) -> None:
    other = Shop(sql)
    other.exec("BEGIN")
    other.exec("INSERT INTO orders (number, item) VALUES (1, 'tea')")
    del other
    gc.collect()
    shop.exec("INSERT INTO orders (number, item) VALUES (1, 'pot')")
    assert shop.query("SELECT item FROM orders") == [("item", "pot")]


@pytest.fixture
def hasty(backend: tuple[str, dict[str, Any]]) -> Iterator[api.SqlInterface]:
    with opened("sql", backend[0], **{**backend[1], "timeout": 2, "limit": 2}) as found:
        yield found


def test_who_waits_too_long_for_another_user_gets_an_error(hasty: api.SqlInterface, dialect: Dialect) -> None:
    shop, other = Shop(hasty), Shop(hasty)
    shop.exec(TABLE.format(dialect.binary))
    other.exec("BEGIN")
    other.exec("INSERT INTO orders (number, item) VALUES (1, 'tea')")
    with fails_with(api.SqlError_UnexpectedError) as payload:
        shop.exec("INSERT INTO orders (number, item) VALUES (1, 'tea')")
    assert payload[0] in {
        "other users of the database did not finish in time",
        "the statement took longer than its time limit",
    }
    other.exec("ROLLBACK")
    shop.exec("INSERT INTO orders (number, item) VALUES (1, 'tea')")


def test_a_statement_without_end_is_stopped(backend: tuple[str, dict[str, Any]], dialect: Dialect) -> None:
    with opened("sql", backend[0], **{**backend[1], "limit": 2}) as sql:
        shop = Shop(sql)
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.query(dialect.endless)
        assert payload == ["the statement took longer than its time limit"]
        assert shop.query("SELECT 1 AS one") == [("one", 1)]


def test_an_answer_with_too_many_rows_is_refused(backend: tuple[str, dict[str, Any]], dialect: Dialect) -> None:
    with opened("sql", backend[0], **backend[1], rows=10) as sql:
        shop = Shop(sql)
        assert len(shop.query(dialect.numbers.format("$1"), "10")) == 10
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.query(dialect.numbers.format("$1"), "11")
        assert payload == ["the answer has more than 10 rows"]
        with fails_with(api.SqlError_UnexpectedError):
            shop.query(dialect.numbers.format("$1"), "100000")
        shop.exec(dialect.numbers.format("$1"), "11")
        assert shop.query("SELECT 1 AS one") == [("one", 1)]


def test_an_answer_with_too_many_bytes_is_refused(backend: tuple[str, dict[str, Any]]) -> None:
    with opened("sql", backend[0], **backend[1], bytes=10_000) as sql:
        shop = Shop(sql)
        shop.exec("CREATE TABLE texts (body VARCHAR(9999))")
        each = len("body") + 32
        shop.exec("INSERT INTO texts VALUES ($1)", "é" * ((10_000 - each) // 2))
        assert len(shop.query("SELECT body FROM texts")) == 1
        shop.exec("UPDATE texts SET body = $1", "é" * ((10_000 - each) // 2) + "e")
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.query("SELECT body FROM texts")
        assert payload == ["the answer has more than 10,000 bytes"]
        assert shop.query("SELECT 1 AS one") == [("one", 1)]


def test_a_refused_answer_ends_no_connection(backend: tuple[str, dict[str, Any]]) -> None:
    with opened("sql", backend[0], **backend[1], rows=1) as sql:
        shop = Shop(sql)
        shop.exec("CREATE TEMPORARY TABLE drafts (item VARCHAR(20))")
        shop.exec("INSERT INTO drafts VALUES ('tea'), ('pot')")
        for _ in range(5):
            with fails_with(api.SqlError_UnexpectedError):
                shop.query("SELECT item FROM drafts")
        assert shop.query("SELECT count(*) AS found FROM drafts") == [("found", 2)]


def test_after_closing_every_call_is_an_error(backend: tuple[str, dict[str, Any]]) -> None:
    with opened("sql", backend[0], **backend[1]) as sql:
        shop = Shop(sql)
    for use in (lambda: shop.exec("SELECT 1"), lambda: shop.query("SELECT 1"), lambda: Shop(sql)):
        with fails_with(api.SqlError_UnexpectedError) as payload:
            use()
        assert payload == ["the databases have been closed"]


def test_a_lone_surrogate_is_an_error_of_the_interface(sql: api.SqlInterface, shop: Shop) -> None:
    with fails_with(api.SqlError_UnexpectedError):
        sql.Sql.open("a\ud800")
    with fails_with(api.SqlError_SyntaxError):
        shop.query("SELECT item FROM orders WHERE item = $1", "a\ud800")
    with fails_with(api.SqlError_SyntaxError):
        shop.query("SELECT '\ud800'")
