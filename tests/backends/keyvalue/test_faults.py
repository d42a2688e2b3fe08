"""What networks and servers do to key-value backends: stop, freeze, refuse, cut off, fill up."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator

import pytest

from tests.backends.disks import small_disk
from tests.backends.errors import AWAY, fails, fails_with, soon
from tests.backends.keyvalue.backends import Backend
from tests.patience import LONG, eventually
from tests.services.names import new_name
from tests.services.private.nats import PrivateNats
from tests.services.private.postgresql import PrivatePostgresql
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PASSWORD, PrivateServer
from tests.services.proxy import proxy
from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.text import WitkitError

PLACES = {"redis": "prefix", "nats": "bucket", "postgresql": "table"}
"""The setting that keeps a test's data apart."""


@pytest.fixture(scope="module", params=[pytest.param(name, marks=getattr(pytest.mark, name)) for name in PLACES])
def server(request: pytest.FixtureRequest) -> Iterator[PrivateServer]:
    """A server that wants a password. A test leaves it running."""
    with made(request.param) as running:
        yield running


def made(name: str) -> PrivateServer:
    match name:
        case "redis":
            return PrivateRedis(user="witkit", password=PASSWORD)
        case "nats":
            return PrivateNats(password=PASSWORD)
        case _:
            return PrivatePostgresql()


@pytest.fixture
def backend(server: PrivateServer) -> Backend:
    name = server.scheme
    return Backend(name, {"url": server.url, "timeout": 3, PLACES[name]: new_name()})


@pytest.fixture
def spoken(backend: Backend) -> Iterator[KeyValue]:
    with patient(backend).spoken() as opened:
        yield opened


def patient(backend: Backend) -> Backend:
    """With time for a busy machine."""
    return Backend(backend.name, {**backend.settings, "timeout": 30})


def hasty(backend: Backend, url: str) -> Backend:
    return Backend(backend.name, {**backend.settings, "url": url})


def test_calls_fail_while_the_server_is_away_and_work_when_it_is_back(server: PrivateServer, spoken: KeyValue) -> None:
    spoken.set("orders", "book", b"1")
    server.stop()
    try:
        for _ in range(2):
            with fails(*AWAY):
                spoken.get("orders", "book")
            with fails(*AWAY):
                spoken.set("orders", "book", b"2")
    finally:
        server.start()
    assert soon(lambda: spoken.get("orders", "book")) == b"1"
    assert spoken.increment("orders", "count", 1) == 1
    assert spoken.keys("orders") == ["book", "count"]


def test_no_acknowledged_write_is_lost_when_the_server_is_killed(server: PrivateServer, spoken: KeyValue) -> None:
    acknowledged: list[str] = []
    failed: list[Failure] = []
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            try:
                spoken.set("orders", f"{number}", b"%d" % number)
                acknowledged.append(f"{number}")
            except Failure as failure:
                failed.append(failure)
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert eventually(lambda: len(acknowledged) >= 20)
        server.kill()
        assert eventually(lambda: failed)
        server.start()
        enough = len(acknowledged) + 20
        assert eventually(lambda: len(acknowledged) >= enough)
    finally:
        done.set()
        writer.join()
    assert {failure.kind for failure in failed} <= set(AWAY)
    assert spoken.get_many("orders", acknowledged) == [key.encode() for key in acknowledged]


def test_a_frozen_server_is_a_timeout(server: PrivateServer, backend: Backend) -> None:
    with backend.spoken() as spoken:
        soon(lambda: spoken.set("orders", "book", b"1"))
        server.freeze()
        try:
            began = time.monotonic()
            with fails(Kind.TIMEOUT):
                spoken.get("orders", "book")
            assert time.monotonic() - began < LONG
        finally:
            server.thaw()
        assert soon(lambda: spoken.get("orders", "book")) == b"1"


def test_a_frozen_server_does_not_keep_a_program_waiting_that_opens_it(server: PrivateServer, backend: Backend) -> None:
    server.freeze()
    try:
        began = time.monotonic()
        with pytest.raises(WitkitError, match="cannot be used"), backend.opened():
            pass
        assert time.monotonic() - began < LONG
    finally:
        server.thaw()


def test_a_server_that_does_not_run_is_reported_at_once(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between:
        between.refuse()
        refused = Backend(backend.name, {**backend.settings, "url": between.url, "timeout": 10 * LONG})
        began = time.monotonic()
        with pytest.raises(WitkitError, match="there is no connection to the server") as caught, refused.opened():
            pass
    assert time.monotonic() - began < LONG
    assert [each.code for each in caught.value.diagnostics] == ["WIT0802"]
    assert PASSWORD not in str(caught.value)


def test_wrong_credentials_are_reported_without_them(server: PrivateServer, backend: Backend) -> None:
    wrong = patient(hasty(backend, server.url_as(server.user, "n0t-the-s3cret")))
    with pytest.raises(WitkitError, match="refuses the credentials") as caught, wrong.opened():
        pass
    assert "n0t-the-s3cret" not in str(caught.value)


def test_a_connection_cut_in_mid_answer_is_connection_error_and_the_next_call_works(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    with proxy(backend.settings["url"]) as between, patient(hasty(backend, between.url)).opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("book", bytes(10_000))
        between.cut_after(2)
        with caplog.at_level(logging.WARNING), fails_with(kv.KeyvalueError_ConnectionError) as said:
            store.get("book")
        assert store.get("book") == bytes(10_000)
    assert "127.0.0.1" not in said[0]
    assert "key-value get: there is no connection to the server" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_connection_that_ended_while_nobody_used_it_is_replaced(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, patient(hasty(backend, between.url)).spoken() as spoken:
        spoken.increment("orders", "count", 1)
        between.cut()
        # The thread of NATS may not have noticed yet, and what it has sent by then fails.
        assert backend.name != "nats" or soon(lambda: spoken.get("orders", "count")) == b"1"
        assert spoken.increment("orders", "count", 1) == 2


def test_an_increment_whose_answer_is_lost_is_not_made_twice(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, patient(hasty(backend, between.url)).spoken() as spoken:
        spoken.increment("orders", "count", 1)
        between.cut_after(2)
        with fails(Kind.UNREACHABLE):
            spoken.increment("orders", "count", 1)
        assert spoken.get("orders", "count") in (b"1", b"2")


def test_a_silent_network_is_a_timeout(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, hasty(backend, between.url).spoken() as spoken:
        soon(lambda: spoken.set("orders", "book", b"1"))
        between.swallow()
        began = time.monotonic()
        with fails(Kind.TIMEOUT):
            spoken.set("orders", "book", b"2")
        assert time.monotonic() - began < LONG
        between.cut()
        between.pass_on()
        assert soon(lambda: spoken.get("orders", "book")) in (b"1", b"2")


@pytest.mark.redis
def test_a_redis_without_memory_is_io_error_and_still_deletes() -> None:
    with PrivateRedis(maxmemory=4 << 20) as server:
        backend = Backend("redis", {"url": server.url})
        with backend.opened() as stores:
            store = stores.Keyvalue.open("orders")
            store.set("small", b"1")
            with fails_with(kv.KeyvalueError_IoError) as said:
                for number in range(10):
                    store.set(f"{number}", bytes(1 << 20))
            assert said == ["the server has no memory left"]
            assert store.get("small") == b"1"
            for key in store.keys():
                store.delete(key)
            store.set("small", b"2")


@pytest.mark.nats
def test_a_nats_without_room_is_io_error_and_keeps_what_it_has() -> None:
    with PrivateNats(storage=3 << 20) as server, Backend("nats", {"url": server.url}).opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("small", b"1")
        with fails_with(kv.KeyvalueError_IoError) as said:
            for number in range(10):
                store.set(f"{number}", bytes(500_000))
        assert said == ["the server has no memory or disk left"]
        assert store.get("small") == b"1"


@pytest.mark.postgresql
def test_a_postgresql_without_room_is_io_error_and_keeps_what_it_has() -> None:
    import psycopg

    # The server must get to the disk, which it does not below the folder of a test.
    with PrivatePostgresql() as server, small_disk(server.folder, 2048) as disk:
        server.own(disk)
        table = "kept (store text, key text, value bytea, primary key (store, key))"
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(f"create tablespace small location '{disk}'".encode())
            admin.execute(f"create table {table} tablespace small".encode())
        with Backend("postgresql", {"url": server.url, "table": "kept"}).opened() as stores:
            store = stores.Keyvalue.open("orders")
            store.set("small", b"1")
            with fails_with(kv.KeyvalueError_IoError) as said:
                for number in range(10):
                    store.set(f"{number}", random.randbytes(500_000))
            assert said == ["the server has no memory or disk left"]
            assert store.get("small") == b"1"
            store.delete("small")
        server.kill()


@pytest.mark.redis
def test_a_redis_user_without_rights_is_authentication_error() -> None:
    from redis import Redis

    with PrivateRedis() as server:
        with Redis.from_url(server.url) as admin:
            admin.execute_command("ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "+@read", "+@connection")
        backend = Backend("redis", {"url": server.url_as("reader", "s3cret")})
        with backend.opened() as stores, fails_with(kv.KeyvalueError_AuthenticationError):
            stores.Keyvalue.open("orders").set("book", b"1")
