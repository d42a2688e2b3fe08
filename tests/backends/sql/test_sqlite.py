"""SQL on SQLite, in files and in memory: what it promises besides."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from tests.backends.sql.databases import Shop
from witkit.interfaces.sql import sql as api


@pytest.fixture(params=["sqlite", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """A backend and its settings."""
    settings = {"path": tmp_path / "sql"} if request.param == "sqlite" else {}
    return request.param, {**settings, "timeout": 0.05, "limit": 20}


@pytest.fixture
def sql(backend: tuple[str, dict[str, Any]], tmp_path: Path) -> Iterator[api.SqlInterface]:
    (tmp_path / "sql").mkdir()
    with opened("sql", backend[0], **backend[1]) as found:
        yield found


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Shop]:
    """A shop in a file."""
    with opened("sql", "sqlite", path=tmp_path / "sql", timeout=0.05, limit=20) as found:
        shop = Shop(found)
        shop.exec("CREATE TABLE orders (item TEXT NOT NULL)")
        yield shop


@pytest.fixture
def shop(sql: api.SqlInterface) -> Shop:
    found = Shop(sql)
    found.exec("CREATE TABLE orders (number INTEGER PRIMARY KEY, item TEXT NOT NULL, price REAL, photo BLOB)")
    return found


@pytest.mark.parametrize(
    ("text", "params"),
    [("SELECT ?1", ["a"]), ("SELECT '?'", ["a"]), ("SELECT :a", []), ("SELECT @a", ["a"]), ("", ["a"])],
)
def test_parameters_in_the_spellings_of_sqlite_are_syntax_error(shop: Shop, text: str, params: list[str]) -> None:
    with fails_with(api.SqlError_SyntaxError):
        shop.query(text, *params)
    with fails_with(api.SqlError_SyntaxError):
        shop.exec(text, *params)


@pytest.mark.parametrize(
    "text",
    [
        "ATTACH DATABASE '/etc/passwd' AS secrets",
        "ATTACH DATABASE ':memory:' AS other",
        "VACUUM INTO 'copy.db'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON",
        "PRAGMA temp_store_directory = '/'",
        "SELECT load_extension('evil')",
    ],
)
def test_a_statement_reaches_nothing_but_its_database(shop: Shop, text: str, tmp_path: Path) -> None:
    with fails_with(api.SqlError_AccessViolation):
        shop.exec(text)
    assert [path.name for path in tmp_path.iterdir()] == ["sql"]


def test_pragmas_about_the_schema_are_allowed(shop: Shop) -> None:
    assert ("name", "item") in shop.query("PRAGMA table_info(orders)")


def bounded(backend: tuple[str, dict[str, Any]], **settings: int) -> AbstractContextManager[api.SqlInterface]:
    return opened("sql", backend[0], **{**backend[1], **settings})


@pytest.mark.parametrize(
    "columns",
    [
        "zeroblob(2000) AS photo",
        "replace(hex(zeroblob(500)), '0', 'é') AS text",
        "1 AS " + "n" * 2000,
        ", ".join(["NULL"] * 50),
    ],
)
def test_an_answer_with_too_many_bytes_is_refused_before_it_is_held(
    backend: tuple[str, dict[str, Any]], columns: str
) -> None:
    with bounded(backend, bytes=100_000) as sql:
        shop = Shop(sql)
        rows = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT {columns} FROM n"
        assert shop.query(rows % 20)
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.query(rows % 10_000_000)  # which would take longer than the statement's time, if it were computed
        assert payload == ["the answer has more than 100,000 bytes"]
        assert shop.query("SELECT 1 AS one") == [("one", 1)]


def test_a_refused_answer_leaves_the_database_to_others(files: Shop, tmp_path: Path) -> None:
    files.exec("INSERT INTO orders SELECT 'tea' FROM (VALUES (1), (2), (3))")
    with bounded(("sqlite", {"path": tmp_path / "sql"}), rows=2) as sql:
        other = Shop(sql)
        with fails_with(api.SqlError_UnexpectedError):
            other.query("SELECT * FROM orders")
        files.exec("DELETE FROM orders")


def test_200_rows_of_60_mb_are_not_a_load(backend: tuple[str, dict[str, Any]]) -> None:
    tracemalloc.start()
    with opened("sql", backend[0], **{**backend[1], "limit": 20}) as sql, fails_with(api.SqlError_UnexpectedError):
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
        Shop(sql).query(f"{numbers} SELECT zeroblob(60000000) FROM n")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000_000


def test_a_value_too_large_is_refused(shop: Shop) -> None:
    with fails_with(api.SqlError_UnexpectedError):
        shop.query("SELECT zeroblob(1000000000)")


def test_a_locked_database_is_unexpected_error(files: Shop, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "sql" / "database-shop.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with fails_with(api.SqlError_UnexpectedError) as payload:
        files.exec("INSERT INTO orders (item) VALUES ('tea')")
    other.close()
    assert payload == ["other users of the database did not finish in time"]


def test_a_question_mark_is_a_parameter_too(shop: Shop) -> None:
    shop.exec("INSERT INTO orders (number, item) VALUES (?, ?)", "7", "'tea?'")
    assert shop.query("SELECT item, '?' AS mark FROM orders WHERE number = ?", "7") == [
        ("item", "'tea?'"),
        ("mark", "?"),
    ]


@pytest.mark.parametrize(
    ("text", "params", "reported"),
    [
        ("SELECT ?, ?", ["a"], "the statement has 2 parameters `?`, but 1 values are given"),
        ("SELECT ?, $1", ["a"], "the statement mixes `?` and `$1`: use one kind of parameters"),
        ("SELECT :name", ["a"], "unknown parameter `:name`: write `$1`, `$2`, … or `?`"),
        ("SELECT ?1", ["a"], "unknown parameter `?1`: write `$1`, `$2`, … or `?`"),
    ],
)
def test_parameters_of_another_kind_are_answered_with_the_right_ones(
    shop: Shop, text: str, params: list[str], reported: str
) -> None:
    with fails_with(api.SqlError_SyntaxError) as payload:
        shop.query(text, *params)
    assert payload == [reported]


def test_what_a_database_in_memory_holds_is_bounded() -> None:
    with opened("sql", "memory", memory=200_000) as sql:
        shop = Shop(sql)
        shop.exec("CREATE TABLE orders (photo)")
        with fails_with(api.SqlError_UnexpectedError) as payload:
            for _ in range(100):
                shop.exec("INSERT INTO orders VALUES (zeroblob(10000))")
        assert payload == ["database or disk is full"]
        shop.exec("DELETE FROM orders")
        shop.exec("INSERT INTO orders VALUES (zeroblob(10000))")
        with fails_with(api.SqlError_UnexpectedError) as payload:
            for number in range(100):
                sql.Sql.open(f"{number}")
        assert payload == ["there are already 16 databases"]


def test_databases_of_different_names_share_nothing(sql: api.SqlInterface, shop: Shop) -> None:
    for name in ("", "Shop", "../shop", "a/b", "n" * 5000, "a\0b"):
        with fails_with(api.SqlError_SyntaxError):
            Shop(sql, name).query("SELECT * FROM orders")


def test_no_name_leads_out_of_the_folder(sql: api.SqlInterface, tmp_path: Path) -> None:
    for name in ("../escaped", "/escaped", "..", "con", "n" * 5000):
        Shop(sql, name).exec("CREATE TABLE escaped (a)")
    assert [path.name for path in tmp_path.iterdir()] == ["sql"]
    assert not list(tmp_path.parent.glob("*escaped*"))


def test_handles_of_one_name_see_the_same_rows(sql: api.SqlInterface, shop: Shop) -> None:
    shop.exec("INSERT INTO orders (item) VALUES ('tea')")
    assert Shop(sql).query("SELECT item FROM orders") == [("item", "tea")]


def test_a_process_that_ends_loses_nothing(files: Shop, tmp_path: Path) -> None:
    script = """
import os, sys
import witkit.backends
sql = witkit.backends.open("sql", "sqlite", path=sys.argv[1])
sql.Sql.open("shop").exec(sql.Statement.prepare("INSERT INTO orders (item) VALUES ($1)", ["tea"]))
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "sql")], check=True)
    assert files.query("SELECT item FROM orders") == [("item", "tea")]


def test_a_database_can_be_opened_and_read_while_another_connection_has_changed_it(files: Shop) -> None:
    files.exec("BEGIN")
    files.exec("INSERT INTO orders (item) VALUES ('tea')")
    assert Shop(files.sql).query("SELECT * FROM orders") == []
