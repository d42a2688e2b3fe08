"""SQL on servers that stop, freeze, refuse and lose connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest

import witkit.backends
from tests.backends.disks import small_disk
from tests.backends.errors import fails_with
from tests.backends.opening import opened
from tests.backends.sql.databases import Shop
from tests.patience import eventually
from tests.services.names import new_name
from tests.services.private.mariadb import PrivateMariadb
from tests.services.private.postgresql import PrivatePostgresql
from tests.services.private.server import PASSWORD
from tests.services.proxy import Proxy, proxy
from witkit.abi import Err
from witkit.interfaces.sql import sql as api
from witkit.text import WitkitError

Server: TypeAlias = PrivatePostgresql | PrivateMariadb

UNDONE = "the connection was lost in a transaction, which has been undone; end it with ROLLBACK"


@pytest.fixture(scope="module", params=[PrivatePostgresql, PrivateMariadb], ids=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with request.param() as started:
        yield started


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    """The URL of a database of the test's own."""
    name = new_name()
    with opened("sql", server.scheme, url=server.url) as sql:
        administrator = Shop(sql)
        administrator.exec(f"CREATE DATABASE {name}")
    yield server.url.rpartition("/")[0] + f"/{name}"
    with opened("sql", server.scheme, url=server.url) as sql:
        Shop(sql).exec(f"DROP DATABASE {name}" + (" WITH (FORCE)" if server.scheme == "postgresql" else ""))


@contextmanager
def shop_at(server: Server, address: str, **settings: Any) -> Iterator[Shop]:
    with opened("sql", server.scheme, **{"url": address, "timeout": 30, "limit": 30, **settings}) as sql:
        shop = Shop(sql)
        shop.exec("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY)")
        yield shop


@contextmanager
def between(address: str) -> Iterator[Proxy]:
    with proxy(address) as made:
        yield made


def numbers(shop: Shop) -> list[int]:
    return [number for _, number in shop.query("SELECT number FROM orders ORDER BY number")]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_acknowledged_is_there_when_the_server_is_back(server: Server, address: str, end: str) -> None:
    with shop_at(server, address) as shop:
        shop.exec("INSERT INTO orders VALUES (1)")
        getattr(server, end)()
        try:
            for _ in range(2):
                with fails_with(api.SqlError_UnexpectedError):
                    shop.exec("INSERT INTO orders VALUES (2)")
            with fails_with(api.SqlError_UnexpectedError) as payload:
                Shop(shop.sql)
            assert payload == ["the database cannot be reached"]
        finally:
            server.start()
        shop.exec("INSERT INTO orders VALUES (3)")
        assert numbers(shop) == [1, 3]
        assert numbers(Shop(shop.sql)) == [1, 3]


def test_a_restart_between_statements_is_not_noticed(server: Server, address: str) -> None:
    with shop_at(server, address) as shop:
        shop.exec("INSERT INTO orders VALUES (1)")
        server.stop()
        server.start()
        shop.exec("INSERT INTO orders VALUES (2)")
        assert numbers(shop) == [1, 2]


def test_a_connection_that_is_lost_between_statements_is_opened_again(server: Server, address: str) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        shop.exec("INSERT INTO orders VALUES (1)")
        way.cut()
        shop.exec("INSERT INTO orders VALUES (2)")
        assert numbers(shop) == [1, 2]


@pytest.mark.parametrize("end", ["ROLLBACK", "rollback work;", "-- enough\nROLLBACK"])
def test_the_rest_of_a_lost_transaction_is_refused(server: Server, address: str, end: str) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        shop.exec("BEGIN")
        shop.exec("INSERT INTO orders VALUES (1)")
        way.cut()
        for statement in ("INSERT INTO orders VALUES (2)", "SELECT number FROM orders", "ROLLBACK TO SAVEPOINT a"):
            with fails_with(api.SqlError_UnexpectedError) as payload:
                shop.exec(statement)
            assert payload == [UNDONE]
        shop.exec(end)
        assert numbers(shop) == []
        shop.exec("INSERT INTO orders VALUES (3)")
        assert numbers(shop) == [3]


def test_a_lost_transaction_cannot_be_committed(server: Server, address: str) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        shop.exec("BEGIN")
        shop.exec("INSERT INTO orders VALUES (1)")
        way.cut_after(1)
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.exec("INSERT INTO orders VALUES (2)")
        assert payload == ["the connection to the database was lost"]
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.exec("COMMIT")
        assert payload == [UNDONE]
        assert numbers(shop) == []


def test_a_commit_whose_answer_is_lost_has_ended_the_transaction(server: Server, address: str) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        shop.exec("BEGIN")
        shop.exec("INSERT INTO orders VALUES (1)")
        way.cut_after(1)
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.exec("COMMIT")
        assert payload == ["the connection to the database was lost"]
        assert numbers(shop) == [1]


def test_a_connection_that_is_cut_in_an_answer_is_an_error_and_opened_again(server: Server, address: str) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        shop.exec("INSERT INTO orders VALUES (1), (2), (3)")
        for size in (1, 10, 60):
            way.cut_after(size)
            with fails_with(api.SqlError_UnexpectedError) as payload:
                shop.query("SELECT a.number, b.number, c.number FROM orders a, orders b, orders c")
            assert payload == ["the connection to the database was lost"]
            assert numbers(shop) == [1, 2, 3]


def test_an_insertion_whose_answer_is_lost_is_not_repeated(server: Server, address: str) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        shop.exec("CREATE TABLE visits (visit INTEGER)")
        way.cut_after(1)
        with fails_with(api.SqlError_UnexpectedError):
            shop.exec("INSERT INTO visits VALUES (1)")
        assert shop.query("SELECT count(*) AS found FROM visits") == [("found", 1)]


def test_a_frozen_server_is_a_timeout(server: Server, address: str) -> None:
    with shop_at(server, address, timeout=3, limit=3) as shop:
        server.freeze()
        try:
            with fails_with(api.SqlError_UnexpectedError) as payload:
                shop.exec("INSERT INTO orders VALUES (1)")
            assert payload == ["the statement took longer than its time limit"]
            with fails_with(api.SqlError_UnexpectedError) as payload:
                shop.exec("INSERT INTO orders VALUES (2)")
            assert payload == ["the database did not answer in time"]
        finally:
            server.thaw()
        with shop_at(server, address) as again:
            assert 2 not in numbers(again)
        assert eventually(lambda: works(shop))


def works(shop: Shop) -> bool:
    try:
        return shop.query("SELECT 1 AS one") == [("one", 1)]
    except Err:
        return False


UNLIMITED = {
    "postgresql": (
        "SET statement_timeout = 0",
        "SELECT pg_sleep(30)",
        "SELECT count(*) AS found FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(30)'",
    ),
    "mariadb": (
        "SET max_statement_time = 0",
        "SELECT sleep(30)",
        "SELECT count(*) AS found FROM information_schema.processlist WHERE info = 'SELECT sleep(30)'",
    ),
}


def test_a_limit_that_a_guest_has_taken_away_still_holds(server: Server, address: str) -> None:
    take_away, sleep, running = UNLIMITED[server.scheme]
    with shop_at(server, address, timeout=2, limit=2) as shop:
        shop.exec(take_away)
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.query(sleep)
        assert payload == ["the statement took longer than its time limit"]
        assert eventually(lambda: shop.query(running) == [("found", 0)])


def test_a_server_that_only_accepts_is_reported_in_time(server: Server, address: str) -> None:
    with between(address) as way:
        way.swallow()
        with pytest.raises(WitkitError) as refused:
            witkit.backends.open("sql", server.scheme, url=way.url, timeout=0.3)
    (said,) = refused.value.diagnostics
    assert said.code == "WIT0802"
    assert "the database did not answer in time" in said.message


def test_wrong_credentials_are_reported_without_the_password(server: Server) -> None:
    wrong = "wr0ng-s3cret"
    with pytest.raises(WitkitError) as refused:
        witkit.backends.open("sql", server.scheme, url=server.url_as(server.user, wrong))
    (said,) = refused.value.diagnostics
    assert said.code == "WIT0802"
    assert "the database refuses the credentials" in said.message
    assert wrong not in str(refused.value)


def test_a_database_that_does_not_exist_is_reported(server: Server) -> None:
    with pytest.raises(WitkitError, match="there is no database with this name"):
        witkit.backends.open("sql", server.scheme, url=server.url.rpartition("/")[0] + f"/{new_name()}")


def test_a_guest_can_choose_the_database_if_the_url_leaves_it_open(server: Server, address: str) -> None:
    base, _, name = address.rpartition("/")
    with opened("sql", server.scheme, url=base + "/{name}") as sql:
        shop = Shop(sql, name)
        shop.exec("CREATE TABLE orders (number INTEGER)")
        with fails_with(api.SqlError_UnexpectedError) as payload:
            Shop(sql, new_name())
        assert payload == ["there is no database with this name"]
        for wrong in ("", f"{name}?", f"{name}/x", "a b", "ä", "n" * 64, "{name}", "a\0b"):
            with fails_with(api.SqlError_UnexpectedError):
                Shop(sql, wrong)


def restricted(server: Server, address: str) -> str:
    """The URL for a user who may connect, twice at the same time, and do nothing."""
    name, database = new_name(), address.rpartition("/")[2]
    statements = (
        [f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 2"]
        if server.scheme == "postgresql"
        else [
            f"CREATE USER {name} IDENTIFIED BY '{PASSWORD}' WITH MAX_USER_CONNECTIONS 2",
            f"GRANT CREATE TEMPORARY TABLES ON {database}.* TO {name}",
        ]
    )
    with opened("sql", server.scheme, url=server.url) as sql:
        for statement in statements:
            Shop(sql).exec(statement)
    return server.url_as(name, PASSWORD).rpartition("/")[0] + f"/{database}"


def test_a_user_who_has_only_the_guests_databases_is_not_refused(server: Server, address: str) -> None:
    base, _, database = restricted(server, address).rpartition("/")
    with opened("sql", server.scheme, url=server.url) as administration:
        if server.scheme == "postgresql":
            Shop(administration).exec("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")
        with opened("sql", server.scheme, url=base + "/{name}") as sql:
            assert Shop(sql, database).query("SELECT 1 AS one") == [("one", 1)]
            with fails_with(api.SqlError_AccessViolation):
                Shop(sql, "mysql" if server.scheme == "mariadb" else "postgres")


def test_what_the_user_may_not_do_is_access_violation(server: Server, address: str) -> None:
    with shop_at(server, address), opened("sql", server.scheme, url=restricted(server, address)) as sql:
        shop = Shop(sql)
        for statement in ("SELECT * FROM orders", "INSERT INTO orders VALUES (1)", "DROP TABLE orders"):
            with fails_with(api.SqlError_AccessViolation):
                shop.exec(statement)


def test_too_many_connections_are_an_error(server: Server, address: str) -> None:
    with opened("sql", server.scheme, url=restricted(server, address)) as sql:
        held = [Shop(sql), Shop(sql)]
        with fails_with(api.SqlError_UnexpectedError) as payload:
            Shop(sql)
        assert payload == ["the database has no connections left"]
        assert held.pop().query("SELECT 1 AS one") == [("one", 1)]
        assert Shop(sql).query("SELECT 1 AS one") == [("one", 1)]


def test_a_server_without_room_is_an_error_and_goes_on(server: Server, address: str) -> None:
    with shop_at(server, address) as shop:
        if server.scheme == "postgresql":
            shop.exec("SET temp_file_limit = '1MB'")
            shop.exec("SET work_mem = '64kB'")
            statement = "SELECT i FROM generate_series(1, 1000000) AS n(i) ORDER BY -i"
        else:
            shop.exec("SET max_heap_table_size = 16384")
            shop.exec("CREATE TABLE texts (body CHAR(200)) ENGINE = MEMORY")
            statement = "INSERT INTO texts SELECT repeat('x', 200) FROM seq_1_to_10000"
        with fails_with(api.SqlError_UnexpectedError):
            shop.exec(statement)
        shop.exec("INSERT INTO orders VALUES (1)")
        assert numbers(shop) == [1]


def test_a_full_disk_is_an_error_and_changes_nothing(server: Server, address: str) -> None:
    with small_disk(server.folder, 16384) as disk, shop_at(server, address) as shop:
        server.own(disk)
        if server.scheme == "postgresql":
            shop.exec(f"CREATE TABLESPACE small LOCATION '{disk}'")
            shop.exec("CREATE TABLE texts (body TEXT) TABLESPACE small")
            many = "INSERT INTO texts SELECT repeat('x', 1000) FROM generate_series(1, 40000)"
        else:
            shop.exec(f"CREATE TABLE texts (body VARCHAR(8000)) ENGINE = InnoDB DATA DIRECTORY = '{disk}'")
            many = "INSERT INTO texts SELECT repeat('x', 8000) FROM seq_1_to_4000"
        shop.exec("INSERT INTO texts VALUES ('tea')")
        with fails_with(api.SqlError_UnexpectedError) as payload:
            shop.exec(many)
        assert payload[0].startswith(("the database has no room", "The table 'texts' is full"))
        assert shop.query("SELECT body FROM texts") == [("body", "tea")]
        shop.exec("DROP TABLE texts")
        if server.scheme == "postgresql":
            shop.exec("DROP TABLESPACE small")


def test_no_secret_is_in_the_log_of_a_failure(server: Server, address: str, caplog: pytest.LogCaptureFixture) -> None:
    with between(address) as way, shop_at(server, way.url) as shop:
        way.refuse()
        for _ in range(2):
            with fails_with(api.SqlError_UnexpectedError):
                shop.exec("INSERT INTO orders VALUES (1)")
    assert str(way.port) in caplog.text
    assert PASSWORD not in caplog.text
