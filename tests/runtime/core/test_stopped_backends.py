"""A guest that waits in a backend for a server or a file is stopped like any other."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.patience import eventually
from tests.runtime.core.conftest import Guest
from tests.runtime.core.test_interrupting import ASKS, Make
from witkit.backends.keyvalue.sqlite import SqliteSettings, SqliteStores
from witkit.backends.nats_client import NatsConnection
from witkit.backends.postgresql_client import ConnectionPool
from witkit.backends.redis_client import client
from witkit.backends.sql import mariadb, postgresql, sqlite
from witkit.backends.sql.protocol import SqlConnection
from witkit.runtime import Reason, Trap

LONG = 600.0
SOON = 60.0

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def stopped(guest: Make, wait: Callable[[], object]) -> None:
    """A guest that waits in `wait` is stopped when another thread interrupts it."""
    made: Guest

    def interrupt() -> None:
        time.sleep(0.2)
        made.state.interrupt()

    def ask(_: int) -> None:
        Thread(target=interrupt).start()
        wait()

    made = guest(ASKS, ask)
    began = time.monotonic()
    with pytest.raises(Trap) as caught:
        made.call("run", 1)
    assert caught.value.reason is Reason.INTERRUPTED
    assert time.monotonic() - began < SOON


@contextmanager
def database(opened: SqlConnection) -> Iterator[SqlConnection]:
    try:
        yield opened
    finally:
        opened.close()


def test_a_wait_for_a_file_that_somebody_writes_is_ended(guest: Make, tmp_path: Path) -> None:
    stores = SqliteStores(SqliteSettings(path=tmp_path / "db", timeout=LONG))
    stores.set("shop", "tea", b"1")
    other = sqlite3.connect(tmp_path / "db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    stopped(guest, lambda: stores.set("shop", "tea", b"2"))
    other.execute("COMMIT")
    other.close()
    assert stores.get("shop", "tea") == b"1"
    stores.close()


def test_a_long_query_in_a_file_is_ended(guest: Make, tmp_path: Path) -> None:
    opened = sqlite.backend.opened(sqlite.SqliteSettings(path=tmp_path, limit=LONG)).connect("shop")
    with database(opened) as shop:
        stopped(guest, lambda: shop.query(ENDLESS, []))
        assert shop.query("SELECT 1", []).rows


@pytest.mark.redis
def test_a_wait_for_redis_is_ended(guest: Make, redis_url: str, redis_prefix: str) -> None:
    with client(redis_url, LONG) as server:
        stopped(guest, lambda: server.blpop([f"{redis_prefix}nobody"], int(LONG)))
        assert server.ping()


@pytest.mark.nats
def test_a_wait_for_nats_is_ended(guest: Make, nats_url: str) -> None:
    server = NatsConnection(nats_url, LONG)
    stopped(guest, lambda: server.call(lambda _: asyncio.sleep(LONG)))
    assert server.call(lambda _: asyncio.sleep(0, "well")) == "well"
    server.close()


@pytest.mark.postgresql
def test_a_wait_for_postgresql_is_ended(guest: Make, postgresql_url: str) -> None:
    pool = ConnectionPool(postgresql_url, LONG)
    stopped(guest, lambda: pool.run(b"SELECT pg_sleep(600)"))
    assert pool.run(b"SELECT 1") == [(1,)]
    pool.close()


@pytest.mark.postgresql
def test_a_query_of_postgresql_is_ended_on_the_server_too(guest: Make, postgresql_database: str) -> None:
    chosen = postgresql.PostgresqlSettings(url=postgresql_database, limit=LONG)
    with database(postgresql.backend.opened(chosen).connect("shop")) as shop:
        stopped(guest, lambda: shop.query("SELECT pg_sleep(600)", []))
        running = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^SELECT pg_s'"
        assert eventually(lambda: shop.query(running + " AND state = 'active'", []).rows[0][0][1] == 0)


@pytest.mark.mariadb
def test_a_query_of_mariadb_is_ended_on_the_server_too(guest: Make, mariadb_database: str) -> None:
    chosen = mariadb.MariadbSettings(url=mariadb_database, limit=LONG)
    with database(mariadb.backend.opened(chosen).connect("shop")) as shop:
        stopped(guest, lambda: shop.query("SELECT sleep(600)", []))
        running = (
            "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND info = 'SELECT sleep(600)'"
        )
        assert eventually(lambda: shop.query(running, []).rows[0][0][1] == 0)
