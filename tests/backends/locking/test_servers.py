"""What is particular to one server for locks: full memory, foreign answers, foreign tables, odd settings."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import witkit.backends
from tests.backends.errors import fails_with
from tests.patience import takes_less
from tests.services.private.etcd import PrivateEtcd
from tests.services.private.redis import PrivateRedis
from witkit import WitkitError
from witkit.interfaces.distributed_locking import distributed_locking as api


@pytest.mark.redis
def test_a_redis_without_memory_refuses_locks_and_frees_them() -> None:
    with (
        PrivateRedis(maxmemory=2_000_000) as server,
        witkit.backends.open("locking", "redis", url=server.url, timeout=0) as locking,
    ):
        service = locking.DistributedLocking.open("shop")
        keys = []
        with fails_with(api.DistributedLockingError_LockAcquireError) as said:
            for number in itertools.count():
                keys.append(service.lock_with_time_to_live(b"%d" % number + bytes(60_000), 600))
        assert said == ["the server has no memory left"]
        for key in keys:
            service.unlock(key)
        service.unlock(service.lock(b"stock"))


@pytest.mark.etcd
def test_an_etcd_without_room_refuses_locks_and_frees_them() -> None:
    with (
        PrivateEtcd(quota=4_000_000) as server,
        witkit.backends.open("locking", "etcd", url=server.url, timeout=0) as locking,
    ):
        service = locking.DistributedLocking.open("shop")
        keys = []
        with fails_with(api.DistributedLockingError_LockAcquireError) as said:
            for number in itertools.count():
                keys.append(service.lock_with_time_to_live(b"%d" % number + bytes(60_000), 600))
        assert said == ["the server has no room left"]
        for key in keys:
            service.unlock(key)


@pytest.mark.etcd
def test_a_time_to_live_ends_in_time_although_etcd_has_started_again() -> None:
    with (
        PrivateEtcd() as server,
        witkit.backends.open("locking", "etcd", url=server.url) as locking,
        witkit.backends.open("locking", "etcd", url=server.url, timeout=60) as others,
    ):
        mine, other = (each.DistributedLocking.open("shop") for each in (locking, others))

        def measured() -> float:
            """By how much it ends too late. A busy machine may start the server later than that."""
            began = time.monotonic()
            mine.lock_with_time_to_live(b"stock", 8)
            time.sleep(2)
            server.stop()
            server.start()
            started = time.monotonic()
            other.unlock(other.lock(b"stock"))
            ended = time.monotonic()
            assert ended - began > 7.9
            return ended - max(began + 8, started)

        assert takes_less(1.5, measured)


class Talker(BaseHTTPRequestHandler):
    """Answers every request with the same text."""

    status, text = 200, b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.text)))
        self.end_headers()
        self.wfile.write(self.text)

    def log_message(self, *words: object) -> None:
        """Print nothing."""


@contextmanager
def talking() -> Iterator[tuple[str, type[Talker]]]:
    """The URL of a server, and what it says, which may be changed. At first it answers like an empty etcd."""
    said = type("Said", (Talker,), {"text": b"{}"})
    with ThreadingHTTPServer(("127.0.0.1", 0), said) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", said
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (200, b"<html>Welcome</html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"ID": "7"}'),
        (200, b'{"ID": "7", "TTL": "soon", "succeeded": true}'),
        (404, b"Not Found"),
        (502, b'{"message": "bad gateway"}'),
        (400, b'{"code": "many"}'),
    ],
)
def test_whatever_is_not_etcd_is_protocol_error(status: int, text: bytes) -> None:
    with talking() as (url, said), witkit.backends.open("locking", "etcd", url=url, timeout=0) as locking:
        service = locking.DistributedLocking.open("shop")
        said.status, said.text = status, text
        with fails_with(api.DistributedLockingError_ProtocolError) as message:
            service.lock(b"stock")
        assert message == ["the server does not answer as etcd does"]


@pytest.mark.postgresql
def test_a_table_of_somebody_else_is_reported_before_anything_runs(postgresql_database: str) -> None:
    import psycopg

    with psycopg.connect(postgresql_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE orders (item text)")
    with pytest.raises(WitkitError, match="cannot be used"):
        witkit.backends.open("locking", "postgresql", url=postgresql_database, table="orders")


@pytest.mark.postgresql
def test_a_table_may_have_any_name_and_a_schema(postgresql_database: str) -> None:
    import psycopg

    with psycopg.connect(postgresql_database, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "Odd"')
    for table in ("Odd.l'o\"c k", 'a; DROP TABLE "x', "100% {} %s"):
        with witkit.backends.open("locking", "postgresql", url=postgresql_database, table=table) as locking:
            service = locking.DistributedLocking.open("shop")
            service.unlock(service.lock(b"stock"))
    with psycopg.connect(postgresql_database) as connection:
        tables = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables").fetchall()}
    assert {"l'o\"c k", 'a; DROP TABLE "x', "100% {} %s"} <= tables


@pytest.mark.redis
def test_keys_in_redis_are_readable(redis_url: str, redis_prefix: str) -> None:
    import redis

    with witkit.backends.open("locking", "redis", url=redis_url, prefix=redis_prefix) as locking:
        locking.DistributedLocking.open("shop: 100%").lock(b"stock")
        with redis.Redis.from_url(redis_url) as client:
            assert [*client.scan_iter(f"{redis_prefix}*")] == [f"{redis_prefix}shop%3A 100%25:stock".encode()]


@pytest.mark.parametrize(
    ("backend", "settings", "wrong"),
    [
        ("redis", {"url": "rediz://bob:hunter2@host"}, "`url` is not the URL of a Redis server"),
        ("redis", {"url": "redis://bob:hunter2@host?x=1"}, "`url` has an unknown option"),
        ("etcd", {"url": "ftp://bob:hunter2@host"}, "`url` is not the URL of an etcd server"),
        ("etcd", {"url": "http://bob:hunter2@host:port"}, "`url` is not the URL of an etcd server"),
        ("etcd", {"url": ""}, "`url` is not the URL of an etcd server"),
        ("etcd", {"session": 1}, "`session` must be at least 2 seconds"),
        ("redis", {"session": "soon"}, "`session` must be a number of seconds"),
    ],
)
def test_wrong_settings_are_reported_without_secrets(backend: str, settings: dict[str, Any], wrong: str) -> None:
    with pytest.raises(WitkitError) as caught:
        witkit.backends.open("locking", backend, **settings)
    (said,) = caught.value.diagnostics
    assert said.code == "WIT0910"
    assert wrong in said.message
    assert "hunter2" not in f"{said.message} {said.help}"


@pytest.mark.etcd
def test_an_etcd_needs_no_scheme(etcd_url: str, etcd_prefix: str) -> None:
    place = etcd_url.removeprefix("http://")
    with witkit.backends.open("locking", "etcd", url=place, prefix=etcd_prefix) as locking:
        assert locking.location == f"etcd at {place}"
        service = locking.DistributedLocking.open("shop")
        service.unlock(service.lock(b"stock"))
