"""Tables that backends create on a PostgreSQL server."""

from __future__ import annotations

import gc
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from witkit.backends.failure import Failure
from witkit.backends.postgresql_client import ConnectionPool, Table

pytestmark = pytest.mark.postgresql

PROGRAMS = 8


def test_programs_that_create_one_table_together_all_find_it(postgresql_database: str) -> None:
    """The server refuses a second creation with one of three errors."""
    pools = [ConnectionPool(postgresql_database, 30) for _ in range(PROGRAMS)]
    start = Barrier(PROGRAMS)

    def create(pool: ConnectionPool) -> None:
        for number in range(40):
            table = Table(pool, f"table_{number}")
            start.wait(timeout=60)
            table.create("name bytea PRIMARY KEY")
            assert table.run("SELECT name FROM {}") == []

    with ThreadPoolExecutor(PROGRAMS) as threads:
        list(threads.map(create, pools))
    for pool in pools:
        pool.close()


@pytest.mark.parametrize("name", ["Orders", "per%cent", "with space", 'a"quote', "%s", "public.in schema"])
def test_a_table_may_have_any_name(postgresql_database: str, name: str) -> None:
    pool = ConnectionPool(postgresql_database, 30)
    for _ in range(2):
        table = Table(pool, name)
        table.create("name text")
        table.run("INSERT INTO {} VALUES (%s)", ["x"])
    assert pool.run(b"SELECT count(*) FROM pg_tables WHERE tablename = %s", [name.removeprefix("public.")]) == [(1,)]
    assert table.run("SELECT name FROM {}") == [("x",), ("x",)]
    pool.close()


def test_a_type_of_the_same_name_is_reported(postgresql_database: str) -> None:
    pool = ConnectionPool(postgresql_database, 30)
    pool.run(b"CREATE TYPE orders AS ENUM ('open')")
    with pytest.raises(Failure, match="the server refuses the operation") as caught:
        Table(pool, "orders").create("name text")
    assert 'type "orders" already exists' in caught.value.detail
    pool.close()


def test_programs_wait_for_each_other_whatever_isolation_the_database_has(postgresql_database: str) -> None:
    first = ConnectionPool(postgresql_database, 30)
    name = first.run(b"SELECT current_database()")[0][0]
    first.run(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'".encode())
    first.close()
    pools = [ConnectionPool(postgresql_database, 30) for _ in range(PROGRAMS)]
    Table(pools[0], "counters").create("value int")
    Table(pools[0], "counters").run("INSERT INTO {} VALUES (0)")

    def count(pool: ConnectionPool) -> None:
        for _ in range(50):
            Table(pool, "counters").run("UPDATE {} SET value = value + 1")

    with ThreadPoolExecutor(PROGRAMS) as threads:
        list(threads.map(count, pools))
    assert Table(pools[0], "counters").run("SELECT value FROM {}") == [(50 * PROGRAMS,)]
    for pool in pools:
        pool.close()


def test_a_connection_holds_no_large_value_after_its_statement(postgresql_database: str) -> None:
    """Each statement keeps its cursor, and a cursor keeps its values and its result."""
    pool = ConnectionPool(postgresql_database, 30)
    table = Table(pool, "stored")
    table.create("value bytea")
    large = b"\1" * (16 << 20)
    for value in b"small", large:
        table.run("INSERT INTO {} VALUES (%s)", [value])
    assert {row[0] for row in table.run("SELECT value FROM {}")} == {b"small", large}
    connection = pool.taken()
    kept = connection._cursors
    assert b'SELECT value FROM "stored"' in kept
    assert b'INSERT INTO "stored" VALUES (%s)' not in kept
    results = [cursor.pgresult for cursor in kept.values()]
    assert results
    assert all(result is None or result.ntuples == 0 for result in results)
    pool.back(connection)
    del value
    assert sys.getrefcount(large) == 2
    pool.close()


def test_a_statement_works_again_after_it_has_failed(postgresql_database: str) -> None:
    pool = ConnectionPool(postgresql_database, 30)
    table = Table(pool, "numbers")
    table.create("number int PRIMARY KEY")
    for number in range(10):  # psycopg prepares a statement when it runs for the sixth time
        table.run("INSERT INTO {} VALUES (%s)", [number])
        with pytest.raises(Failure):
            table.run("INSERT INTO {} VALUES (%s)", [number])
    assert table.run("SELECT count(*) FROM {}") == [(10,)]
    pool.close()


def test_a_closed_connection_is_freed_at_once(postgresql_database: str) -> None:
    """Its cursors refer to it."""
    pool = ConnectionPool(postgresql_database, 30)
    pool.run(b"SELECT 1")
    connection = pool.taken()
    freed = weakref.ref(connection)
    pool.back(connection)
    del connection
    gc.disable()
    try:
        pool.close()
        assert freed() is None
    finally:
        gc.enable()
