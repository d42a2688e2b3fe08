"""What networks and servers do to settings: stop, freeze, refuse, cut off, fill up."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest

from tests.backends.configs.backends import SERVERS, Backend
from tests.backends.errors import AWAY, fails, fails_with, soon
from tests.patience import LONG
from tests.services.names import new_name
from tests.services.private.nats import PrivateNats
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PASSWORD, PrivateServer
from tests.services.proxy import proxy
from witkit.backends.configs.protocol import Configs
from witkit.backends.failure import Kind
from witkit.interfaces.configs import configs as api
from witkit.text import WitkitError


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[PrivateServer]:
    """A server that wants a password. A test leaves it running."""
    is_redis = request.param == "redis"
    with PrivateRedis(user="witkit", password=PASSWORD) if is_redis else PrivateNats(password=PASSWORD) as running:
        yield running


@pytest.fixture
def backend(server: PrivateServer) -> Backend:
    """With time for a busy machine."""
    place = {"redis": "prefix", "nats": "bucket"}[server.scheme]
    return Backend(server.scheme, {"url": server.url, "timeout": 30, place: new_name()})


@pytest.fixture
def spoken(backend: Backend) -> Iterator[Configs]:
    with backend.spoken() as opened:
        yield opened


def changed(backend: Backend, **settings: object) -> Backend:
    return Backend(backend.name, {**backend.settings, **settings})


def test_calls_fail_while_the_server_is_away_and_nothing_acknowledged_is_lost(
    server: PrivateServer, spoken: Configs
) -> None:
    for number in range(20):
        spoken.set("shop", f"{number}", b"%d" % number)
    server.kill()
    try:
        for _ in range(2):
            with fails(*AWAY):
                spoken.get("shop", "1")
            with fails(*AWAY):
                spoken.set("shop", "1", b"changed")
            with fails(*AWAY):
                spoken.all("shop")
    finally:
        server.start()
    assert soon(lambda: spoken.get("shop", "1")) == b"1"
    assert spoken.all("shop") == {f"{number}": b"%d" % number for number in range(20)}
    spoken.set("shop", "1", b"changed")
    assert spoken.get("shop", "1") == b"changed"


def test_a_frozen_server_is_a_timeout(server: PrivateServer, backend: Backend) -> None:
    with changed(backend, timeout=3).spoken() as spoken:
        soon(lambda: spoken.set("shop", "tea", b"1"))
        server.freeze()
        try:
            began = time.monotonic()
            with fails(Kind.TIMEOUT):
                spoken.get("shop", "tea")
            with pytest.raises(WitkitError, match="cannot be used"), changed(backend, timeout=3).opened():
                pass
            assert time.monotonic() - began < LONG
        finally:
            server.thaw()
        assert soon(lambda: spoken.get("shop", "tea")) == b"1"


def test_a_server_that_does_not_run_is_reported_at_once(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between:
        between.refuse()
        began = time.monotonic()
        with (
            pytest.raises(WitkitError, match="there is no connection") as caught,
            changed(backend, url=between.url, timeout=10 * LONG).opened(),
        ):
            pass
    assert time.monotonic() - began < LONG
    assert [each.code for each in caught.value.diagnostics] == ["WIT0802"]
    assert PASSWORD not in str(caught.value)


def test_wrong_credentials_are_reported_without_them(server: PrivateServer, backend: Backend) -> None:
    wrong = changed(backend, url=server.url_as(server.user, "n0t-the-s3cret"))
    with pytest.raises(WitkitError, match="refuses the credentials") as caught, wrong.opened():
        pass
    assert "n0t-the-s3cret" not in str(caught.value)


def test_a_connection_cut_in_mid_answer_is_io_error_and_the_next_call_works(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    with proxy(backend.settings["url"]) as between, changed(backend, url=between.url).opened() as configs:
        shop = configs.Configs.open("shop")
        shop.set("photo", bytes(10_000))
        between.cut_after(2)
        with caplog.at_level(logging.WARNING), fails_with(api.ConfigsError_IoError) as said:
            shop.get("photo")
        assert shop.get("photo") == bytes(10_000)
    assert "127.0.0.1" not in said[0]
    assert "configs get: there is no connection to the server" in caplog.text
    assert PASSWORD not in caplog.text


@pytest.mark.redis
def test_a_redis_without_memory_is_io_error_and_keeps_what_it_has() -> None:
    with PrivateRedis(maxmemory=4 << 20) as server, Backend("redis", {"url": server.url}).opened() as configs:
        fill_up(configs, "the server has no memory left")


@pytest.mark.nats
def test_a_nats_without_room_is_io_error_and_keeps_what_it_has() -> None:
    with PrivateNats(storage=3 << 20) as server, Backend("nats", {"url": server.url}).opened() as configs:
        fill_up(configs, "the server has no memory or disk left")


def fill_up(configs: api.ConfigsInterface, message: str) -> None:
    shop = configs.Configs.open("shop")
    shop.set("small", b"1")
    with fails_with(api.ConfigsError_IoError) as said:
        for number in range(10):
            shop.set(f"{number}", bytes(1_000_000))
    assert said == [message]
    assert shop.get("small") == b"1"


@pytest.mark.redis
def test_a_redis_user_who_may_only_read_is_permission_denied() -> None:
    from redis import Redis

    with PrivateRedis() as server:
        with Redis.from_url(server.url) as admin:
            admin.execute_command("ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "+@read", "+@connection")
        backend = Backend("redis", {"url": server.url_as("reader", "s3cret")})
        with backend.opened() as configs, fails_with(api.ConfigsError_PermissionDenied):
            configs.Configs.open("shop").set("tea", b"1")


@pytest.mark.redis
def test_a_key_of_redis_that_is_not_a_hash_is_io_error(redis_url: str, redis_prefix: str) -> None:
    from redis import Redis

    with Redis.from_url(redis_url) as admin:
        admin.set(f"{redis_prefix}shop", "a text")
    backend = Backend("redis", {"url": redis_url, "prefix": redis_prefix})
    with backend.opened() as configs, fails_with(api.ConfigsError_IoError) as said:
        configs.Configs.open("shop").get("tea")
    assert said == ["the server has something else than a value under this key"]
