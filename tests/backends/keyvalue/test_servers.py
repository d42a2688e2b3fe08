"""What other programs see on the servers, and what the backends do with what those have stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.keyvalue.backends import Backend
from tests.services.names import new_name
from witkit.interfaces.keyvalue import keyvalue as kv


@pytest.fixture
def redis(redis_url: str) -> Iterator[Any]:
    from redis import Redis

    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def postgresql(postgresql_database: str) -> Iterator[Any]:
    import psycopg

    with psycopg.connect(postgresql_database, autocommit=True) as connection:
        yield connection


def test_other_programs_find_values_in_redis_by_their_names(redis: Any, redis_url: str, redis_prefix: str) -> None:
    with Backend("redis", {"url": redis_url, "prefix": f"{redis_prefix}-"}).opened() as stores:
        stores.Keyvalue.open("orders").set("book:1", b"2")
        stores.Keyvalue.open("a:b%c").set("book", b"3")
        assert redis.get(f"{redis_prefix}-orders:book:1") == "2"
        assert redis.get(f"{redis_prefix}-a%3Ab%25c:book") == "3"
        redis.set(f"{redis_prefix}-orders:pen", "4")
        assert stores.Keyvalue.open("orders").get("pen") == b"4"


def test_what_is_not_a_value_in_redis_is_not_listed_and_not_read(redis: Any, redis_url: str, redis_prefix: str) -> None:
    redis.rpush(f"{redis_prefix}orders:list", "1")
    redis.set(f"{redis_prefix}orders:", "no key")
    redis.execute_command("SET", f"{redis_prefix}orders:".encode() + b"\xff", "no text")
    with Backend("redis", {"url": redis_url, "prefix": redis_prefix}).opened() as stores:
        store = stores.Keyvalue.open("orders")
        assert store.keys() == []
        with fails_with(kv.KeyvalueError_IoError):
            store.get("list")


@pytest.mark.parametrize("prefix", ["a*", "[a-z]", "?", "\\", "a:b", "ä"])
def test_a_prefix_in_redis_is_taken_as_it_is(prefix: str, redis_url: str, redis_prefix: str) -> None:
    others = {"url": redis_url, "prefix": f"{redis_prefix}ab"}
    with (
        Backend("redis", {"url": redis_url, "prefix": redis_prefix + prefix}).opened() as stores,
        Backend("redis", others).opened() as other,
    ):
        other.Keyvalue.open("orders").set("book", b"1")
        store = stores.Keyvalue.open("orders")
        store.set("pen", b"2")
        assert store.keys() == ["pen"]


def test_names_in_nats_are_letters_and_hexadecimal_digits(nats_url: str, nats_prefix: str) -> None:
    with Backend("nats", {"url": nats_url, "bucket": nats_prefix}).opened() as stores:
        stores.Keyvalue.open("orders").set("a.b c/ä", b"1")
        stores.Keyvalue.open("").set("book", b"2")
        found = asyncio.run(in_bucket(nats_url, nats_prefix))
        assert found == {"orders.a=2Eb=20c/=C3=A4": b"1", "=.book": b"2"}


def test_what_others_have_in_the_bucket_is_not_listed(nats_url: str, nats_prefix: str) -> None:
    with Backend("nats", {"url": nats_url, "bucket": nats_prefix}).opened() as stores:
        store = stores.Keyvalue.open("orders")
        asyncio.run(in_bucket(nats_url, nats_prefix, "orders", "orders.a.b", "orders.=zz", "orders.=61", "orders.pen"))
        assert store.keys() == ["pen"]
        assert store.get("pen") == b"of others"


async def in_bucket(url: str, bucket: str, *more: str) -> dict[str, bytes]:
    """What is in a bucket of NATS, after others have stored these keys."""
    import nats

    client = await nats.connect(url)
    values = await client.jetstream().key_value(bucket)
    for key in more:
        await values.put(key, b"of others")
    found = {key: (await values.get(key)).value or b"" for key in await values.keys()}
    await client.close()
    return found


def test_a_table_in_postgresql_may_be_in_a_schema(postgresql: Any, postgresql_database: str) -> None:
    postgresql.execute('create schema "My shop"')
    backend = Backend("postgresql", {"url": postgresql_database, "table": "My shop.values"})
    for _ in range(2):
        with backend.opened() as stores:
            stores.Keyvalue.open("orders").set("nul\0one\1", b"1")
            assert stores.Keyvalue.open("orders").keys() == ["nul\0one\1"]
    rows = postgresql.execute('select store, key, value from "My shop"."values"').fetchall()
    assert rows == [("orders", "nul\1\1one\1\2", b"1")]


def test_a_user_who_may_not_create_tables_uses_one_that_exists(postgresql: Any, postgresql_database: str) -> None:
    user = new_name()
    with Backend("postgresql", {"url": postgresql_database}).opened():
        """The table is made."""
    postgresql.execute(f"create role {user} login password 'right'")
    try:
        postgresql.execute(f"grant select, insert, update, delete on witkit_key_value to {user}")
        own = postgresql_database.replace("postgres@", f"{user}:right@")
        with Backend("postgresql", {"url": own}).opened() as stores:
            store = stores.Keyvalue.open("orders")
            store.set("book", b"1")
            assert store.get("book") == b"1"
            postgresql.execute(f"revoke insert, update on witkit_key_value from {user}")
            with fails_with(kv.KeyvalueError_AuthenticationError):
                store.set("book", b"2")
    finally:
        postgresql.execute(f"drop owned by {user}")
        postgresql.execute(f"drop role {user}")


def test_programs_that_begin_at_once_create_one_table(postgresql_database: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def count(_: int) -> None:
        with Backend("postgresql", {"url": postgresql_database}).spoken() as stores:
            stores.increment("orders", "count", 1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(8)))
    with Backend("postgresql", {"url": postgresql_database}).spoken() as stores:
        assert stores.get("orders", "count") == b"8"


def test_a_table_that_was_dropped_is_unexpected_error(postgresql: Any, postgresql_database: str) -> None:
    with Backend("postgresql", {"url": postgresql_database}).opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("book", b"1")
        postgresql.execute("drop table witkit_key_value")
        with fails_with(kv.KeyvalueError_UnexpectedError) as said:
            store.set("book", b"2")
        assert "witkit_key_value" not in said[0]
