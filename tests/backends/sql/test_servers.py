"""What PostgreSQL and MariaDB promise besides the contract of all SQL backends."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from tests.backends.sql.databases import SERVERS, Shop
from tests.patience import eventually
from tests.services import mariadb
from witkit import Err
from witkit.backends.settings import read
from witkit.backends.sql import postgresql
from witkit.interfaces.sql import sql as api
from witkit.text import WitkitError


@pytest.fixture
def postgres(postgresql_database: str) -> Iterator[Shop]:
    with opened("sql", "postgresql", url=postgresql_database) as sql:
        yield Shop(sql)


@pytest.fixture
def maria(mariadb_database: str) -> Iterator[Shop]:
    with opened("sql", "mariadb", url=mariadb_database) as sql:
        yield Shop(sql)


def test_a_commit_after_an_error_is_an_error_on_postgresql(postgres: Shop) -> None:
    postgres.exec("CREATE TABLE orders (item TEXT)")
    postgres.exec("BEGIN")
    postgres.exec("INSERT INTO orders VALUES ('tea')")
    with fails_with(api.SqlError_SyntaxError):
        postgres.exec("SELEC")
    with fails_with(api.SqlError_UnexpectedError) as payload:
        postgres.exec("COMMIT")
    assert payload == ["the transaction was undone, because a statement in it has failed"]
    assert postgres.query("SELECT item FROM orders") == []


def test_operators_with_a_question_mark_work_on_postgresql(postgres: Shop) -> None:
    document = """SELECT '{"tea": 1}'::jsonb"""
    assert postgres.query(f"{document} ? 'tea' AS found") == [("found", True)]
    assert postgres.query(f"{document} ? $1 AS found", "pot") == [("found", False)]
    assert postgres.query(f"{document} ?? ? AS found", "tea") == [("found", True)]


def test_postgresql_has_no_nul_in_texts(postgres: Shop) -> None:
    with fails_with(api.SqlError_SyntaxError) as payload:
        postgres.query("SELECT $1", "a\0b")
    assert payload == ["a text in PostgreSQL cannot have a NUL character"]


@pytest.mark.parametrize("statement", ["COPY orders TO STDOUT", "COPY orders FROM STDIN"])
def test_copying_to_a_guest_is_refused_and_leaves_a_usable_connection(postgres: Shop, statement: str) -> None:
    postgres.exec("CREATE TABLE orders (item TEXT)")
    with fails_with(api.SqlError_UnexpectedError) as payload:
        postgres.exec(statement)
    assert payload == ["COPY cannot read from a guest or write to it"]
    assert postgres.query("SELECT item FROM orders") == []


def test_notices_and_notifications_of_postgresql_disturb_nothing(
    postgres: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    postgres.exec("LISTEN orders")
    for _ in range(3):
        postgres.exec("DO $$ BEGIN RAISE NOTICE 'stock is low'; END $$")
        postgres.exec("NOTIFY orders, 'tea'")
        assert postgres.query("SELECT 1 AS one") == [("one", 1)]
    assert capfd.readouterr() == ("", "")


def test_another_encoding_of_a_session_is_an_error_and_not_a_wrong_text(postgres: Shop, maria: Shop) -> None:
    for shop, change in ((postgres, "SET client_encoding = latin1"), (maria, "SET NAMES latin1")):
        shop.exec(change)
        with fails_with(api.SqlError_SyntaxError) as payload:
            shop.query("SELECT chr(233)" if shop is postgres else "SELECT CONVERT(x'c3a9' USING utf8mb4)")
        assert payload[0].startswith("a value is not in the format that the connection began with")


def test_a_file_of_the_host_cannot_be_loaded_into_mariadb(maria: Shop, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("hunter2\n")
    maria.exec("CREATE TABLE words (word TEXT)")
    with fails_with(api.SqlError_AccessViolation):
        maria.exec(f"LOAD DATA LOCAL INFILE '{tmp_path / 'secrets'}' INTO TABLE words")
    assert maria.query("SELECT word FROM words") == []


def test_all_results_of_a_procedure_are_read(maria: Shop) -> None:
    maria.exec("CREATE PROCEDURE two_results() BEGIN SELECT 1 AS one; SELECT seq FROM seq_1_to_1000; END")
    assert maria.query("CALL two_results()") == [("one", 1)]
    assert maria.query("SELECT 2 AS two") == [("two", 2)]


def test_a_value_takes_the_collation_of_what_it_is_compared_with(maria: Shop) -> None:
    maria.exec(
        "CREATE TABLE teas (a VARCHAR(9) COLLATE utf8mb4_unicode_ci, b VARCHAR(9) COLLATE utf8mb4_bin,"
        " c VARCHAR(9) CHARACTER SET latin1)"
    )
    maria.exec("INSERT INTO teas VALUES ($1, $1, $1)", "Thé")
    find = "SELECT count(*) AS found FROM teas WHERE a = $1 AND b = $2 AND c = $1"
    assert maria.query(find, "thé", "Thé") == [("found", 1)]
    assert maria.query(find, "thé", "thé") == [("found", 0)]


def test_a_statement_as_large_as_the_server_takes_works_and_a_larger_one_is_refused(maria: Shop) -> None:
    (_, largest), *_ = maria.query("SELECT @@max_allowed_packet")
    # A message is smaller than that, begins with one byte of its own, and has two digits for each byte of a text.
    rest = len("EXECUTE IMMEDIATE _utf8mb4 X'' USING _utf8mb4 X''") + 2 * len("SELECT length(?) AS size")
    fits = (largest - 2 - rest) // 2
    assert maria.query("SELECT length(?) AS size", "x" * fits) == [("size", fits)]
    with fails_with(api.SqlError_SyntaxError) as payload:
        maria.query("SELECT length(?) AS size", "x" * (fits + 1))
    assert payload[0].startswith("the statement and its values are too large for the server")
    assert maria.query("SELECT 1 AS one") == [("one", 1)]


@pytest.mark.parametrize("server", SERVERS)
def test_a_backend_can_be_closed_while_a_statement_runs(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{server}_database")
    errors: list[Any] = []
    with opened("sql", server, url=url, limit=0.5) as sql:
        shop = Shop(sql)

        def sleep() -> None:
            try:
                shop.query("SELECT pg_sleep(9)" if server == "postgresql" else "SELECT sleep(9)")
            except Err as stopped:
                errors.append(stopped.value)

        thread = threading.Thread(target=sleep)
        thread.start()
    thread.join(60)
    (error,) = errors
    assert isinstance(error, api.SqlError_UnexpectedError)
    with fails_with(api.SqlError_UnexpectedError) as payload:
        shop.query("SELECT 1")
    assert payload == ["the databases have been closed"]


@pytest.mark.parametrize("server", SERVERS)
def test_a_dropped_handle_leaves_no_connection(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{server}_database")
    count = (
        "SELECT count(*) AS found FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend'"
        if server == "postgresql"
        else "SELECT count(*) AS found FROM information_schema.processlist WHERE db = database()"
    )
    with opened("sql", server, url=url) as sql:
        watching = Shop(sql)
        others = [Shop(sql) for _ in range(3)]
        assert watching.query(count) == [("found", 4)]
        others.clear()
        gc.collect()
        assert eventually(lambda: watching.query(count) == [("found", 1)])


@pytest.mark.parametrize("server", ["postgresql", "mariadb"])
@pytest.mark.parametrize(
    ("url", "reported"),
    [
        ("http://127.0.0.1/shop", "`url` must begin with"),
        ("127.0.0.1", "`url` must begin with"),
        ("SERVER://{name}@127.0.0.1/shop", "a guest's name can choose the database of `url` only"),
        ("SERVER://{name}/shop", "a guest's name can choose the database of `url` only"),
        ("SERVER://clerk:s3cret-word@127.0.0.1/shop?colour=red", "`url` "),
    ],
)
def test_a_url_that_cannot_be_one_is_reported_without_showing_it(server: str, url: str, reported: str) -> None:
    with pytest.raises(WitkitError) as refused, opened("sql", server, url=url.replace("SERVER", server)):
        raise AssertionError("it was opened")
    (said,) = refused.value.diagnostics
    assert said.code == "WIT0910"
    assert said.message.startswith(reported)
    assert "s3cret-word" not in str(refused.value)


def test_the_url_is_not_in_the_settings_as_shown() -> None:
    settings = read(postgresql.PostgresqlSettings, {"url": "postgresql://clerk:s3cret-word@127.0.0.1/shop"})
    assert "s3cret-word" not in repr(settings)


def test_a_local_mariadb_is_reached_through_its_socket(mariadb_database: str) -> None:
    with mariadb.connect(mariadb_database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT @@socket")
        (file,) = cursor.fetchone() or ("",)
    if not Path(file).is_socket():
        pytest.skip("the server is on another machine")
    with opened("sql", "mariadb", url=f"{mariadb_database}?socket={file}") as sql:
        assert Shop(sql).query("SELECT 1 AS one") == [("one", 1)]
