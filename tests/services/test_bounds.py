"""Servers with too little room refuse writes, and keep what they have acknowledged."""

from __future__ import annotations

import asyncio
import base64
import urllib.error
from contextlib import closing

import nats
import psycopg
import pymysql
import pytest
from nats.js.errors import ServiceUnavailableError
from nats.js.kv import KeyValue
from redis import Redis
from redis.exceptions import OutOfMemoryError, ResponseError

from tests.backends.disks import small_disk
from tests.services.private.etcd import PrivateEtcd
from tests.services.private.mariadb import PrivateMariadb, connect
from tests.services.private.nats import PrivateNats
from tests.services.private.postgresql import PrivatePostgresql
from tests.services.private.redis import PrivateRedis

VALUE = bytes(100_000)
ROOM = 2_000_000
"""Too little for a hundred values, in bytes."""


def test_redis_without_memory_refuses_writes() -> None:
    with PrivateRedis(maxmemory=ROOM) as server, Redis.from_url(server.url) as client:
        with pytest.raises(OutOfMemoryError):
            _fill_redis(client)
        assert client.get("0") == VALUE


def test_redis_on_a_full_disk_refuses_writes_and_goes_on() -> None:
    server = PrivateRedis()
    with small_disk(server.folder, ROOM // 1024) as server.data, server, Redis.from_url(server.url) as client:
        with pytest.raises(ResponseError, match="MISCONF"):
            _fill_redis(client)
        assert client.get("0") == VALUE


def _fill_redis(client: Redis) -> None:
    for number in range(100):
        client.set(str(number), VALUE)


def test_nats_without_storage_refuses_writes() -> None:
    with PrivateNats(storage=ROOM) as server:
        asyncio.run(_fill_nats(server.url))


async def _fill_nats(url: str) -> None:
    async with await nats.connect(url) as connection:
        bucket = await connection.jetstream().create_key_value(bucket="b")
        with pytest.raises(ServiceUnavailableError, match="insufficient resources"):
            await _put_all(bucket)
        assert (await bucket.get("0")).value == VALUE


async def _put_all(bucket: KeyValue) -> None:
    for number in range(100):
        await bucket.put(str(number), VALUE)


def test_etcd_beyond_its_quota_refuses_writes() -> None:
    with PrivateEtcd(quota=ROOM) as server:
        with pytest.raises(urllib.error.HTTPError, match="429"):
            _fill_etcd(server)
        assert "kvs" in server.call("kv/range", {"key": base64.b64encode(b"0").decode()})


def _fill_etcd(server: PrivateEtcd) -> None:
    for number in range(100):
        key = base64.b64encode(str(number).encode()).decode()
        server.call("kv/put", {"key": key, "value": base64.b64encode(VALUE).decode()})


INSERT = "insert into t values (repeat('x', 1000))"


def test_a_postgresql_tablespace_on_a_full_disk_refuses_writes() -> None:
    with PrivatePostgresql() as server, small_disk(server.folder, ROOM // 1024) as disk:
        server.own(disk)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"create tablespace small location '{disk}'".encode())
            connection.execute("create table t (a text) tablespace small")
            with pytest.raises(psycopg.errors.DiskFull):
                connection.cursor().executemany(INSERT, [()] * 3000)
            assert connection.execute("select 1").fetchone() == (1,)
        server.kill()


def test_a_mariadb_table_on_a_full_disk_refuses_writes() -> None:
    with PrivateMariadb() as server, small_disk(server.folder, ROOM // 1024) as disk:
        with closing(connect(server.url)) as connection, connection.cursor() as cursor:
            cursor.execute(f"create table mysql.t (a text) data directory '{disk}'")
            with pytest.raises(pymysql.OperationalError, match="full"):
                cursor.executemany(INSERT.replace(" t ", " mysql.t "), [()] * 3000)
            cursor.execute("select 1")
            assert cursor.fetchone() == (1,)
        server.kill()
