"""Servers for locks that stop, freeze, refuse, or lose connections in the middle of an answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest

import witkit.backends
from tests.backends.errors import fails_with
from tests.patience import LONG
from tests.services.private.etcd import PrivateEtcd
from tests.services.private.postgresql import PrivatePostgresql
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PASSWORD, PrivateServer
from tests.services.proxy import Proxy, proxy
from witkit import Err, WitkitError
from witkit.interfaces.distributed_locking import distributed_locking as api

SERVERS = {"redis": PrivateRedis, "etcd": PrivateEtcd, "postgresql": PrivatePostgresql}
MARKED = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS]

UNREACHABLE = api.DistributedLockingError_ConnectionError


class Server:
    """A private server and how its locks are opened."""

    def __init__(self, name: str, server: PrivateServer) -> None:
        self.name, self.server = name, server

    def opened(self, url: str = "", **settings: Any) -> AbstractContextManager[Any]:
        chosen = {"url": url or self.server.url, "answer_timeout": 30, "timeout": 0.2, "session": 30, **settings}
        return witkit.backends.open("locking", self.name, **chosen)


@pytest.fixture(params=MARKED, scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One server with a password for all tests of the module; each leaves it running and without its locks."""
    made: PrivateServer = (
        PrivatePostgresql() if request.param == "postgresql" else SERVERS[request.param](password=PASSWORD)
    )
    with made:
        yield Server(request.param, made)


@pytest.fixture
def between(server: Server) -> Iterator[Proxy]:
    with proxy(server.server.url) as made:
        yield made


def test_a_server_that_stops_is_an_error_until_it_is_back(server: Server) -> None:
    with server.opened() as locking:
        service = locking.DistributedLocking.open("shop")
        kept, given_up = (service.lock_with_time_to_live(name, 600) for name in (b"kept", b"given up"))
        server.server.stop()
        try:
            with fails_with(UNREACHABLE) as said:
                service.lock(b"other")
            assert said == ["there is no connection to the server"]
            with fails_with(UNREACHABLE):
                service.unlock(given_up)
            with fails_with(UNREACHABLE):
                locking.DistributedLocking.open("shop")
        finally:
            server.server.start()
        with fails_with(api.DistributedLockingError_LockTimeoutError):
            service.lock(b"kept")
        service.unlock(kept)
        with server.opened(timeout=LONG) as others:
            others.DistributedLocking.open("shop").lock(b"given up")


def test_a_server_that_does_not_answer_is_an_error_in_time(server: Server) -> None:
    def in_time(use: Callable[[], object]) -> None:
        began = time.monotonic()
        with fails_with(UNREACHABLE) as said:
            use()
        assert time.monotonic() - began < LONG
        assert said == ["the server did not answer in time"]

    with server.opened(answer_timeout=2) as locking:
        service = locking.DistributedLocking.open("shop")
        key = service.lock_with_time_to_live(b"frozen", 600)
        server.server.freeze()
        try:
            in_time(lambda: service.lock(b"other"))
            in_time(lambda: service.unlock(key))
            in_time(lambda: locking.DistributedLocking.open("shop"))
        finally:
            server.server.thaw()


def test_a_host_ends_in_time_while_the_server_does_not_answer(server: Server) -> None:
    try:
        with server.opened(answer_timeout=2) as locking:
            service = locking.DistributedLocking.open("shop")
            for number in range(20):
                service.lock(b"ends %d" % number)
            server.server.freeze()
            began = time.monotonic()
        assert time.monotonic() - began < 20, "it waited for each of its locks"
    finally:
        server.server.thaw()


def test_a_wrong_password_is_reported_before_anything_runs(server: Server) -> None:
    url = server.server.url_as(server.server.user, "wr0ng-passw0rd")
    with pytest.raises(WitkitError) as caught, server.opened(url):
        pass
    (said,) = caught.value.diagnostics
    assert said.code == "WIT0802"
    assert "refuses the credentials" in said.message
    assert "wr0ng-passw0rd" not in f"{said.message} {said.help}"


def test_a_server_that_nobody_runs_is_reported_before_anything_runs(server: Server, between: Proxy) -> None:
    between.refuse()
    with pytest.raises(WitkitError) as caught, server.opened(between.url):
        pass
    (said,) = caught.value.diagnostics
    assert said.code == "WIT0802"
    assert "cannot be used" in said.message
    assert PASSWORD not in f"{said.message} {said.help}"


def test_something_else_that_accepts_connections_is_reported_in_time(server: Server, between: Proxy) -> None:
    between.swallow()
    began = time.monotonic()
    with pytest.raises(WitkitError) as caught, server.opened(between.url, answer_timeout=1):
        pass
    assert time.monotonic() - began < LONG
    assert "cannot be used" in caught.value.diagnostics[0].message


def test_a_lock_whose_answer_was_cut_off_anywhere_becomes_free(server: Server, between: Proxy) -> None:
    """Nobody knows whether it was taken, so nobody could unlock it."""
    with server.opened(between.url, timeout=LONG) as locking:
        service = locking.DistributedLocking.open("shop")
        for size in range(1, 5000, 131 if server.name == "etcd" else 31):
            service.unlock(service.lock(b"before"))
            between.cut_after(size)
            try:
                service.lock_with_time_to_live(b"cut", 600)
                break
            except Err as failed:
                error = failed.value
            assert isinstance(error, UNREACHABLE)
            between.wait_until_it_has_cut()
            service.unlock(service.lock(b"cut"))
        assert 1 < size < 4000


def test_a_lock_whose_answer_came_too_late_becomes_free(server: Server, between: Proxy) -> None:
    with server.opened(between.url, answer_timeout=3, timeout=LONG) as locking:
        service = locking.DistributedLocking.open("shop")
        between.delay(4)
        with fails_with(UNREACHABLE):
            service.lock_with_time_to_live(b"late", 600)
        between.pass_on()
        service.unlock(service.lock(b"late"))


def test_connections_that_were_cut_while_nobody_used_them_are_not_noticed(server: Server, between: Proxy) -> None:
    with server.opened(between.url) as locking:
        service = locking.DistributedLocking.open("shop")
        keys = set()
        for _ in range(3):
            key = service.lock(b"idle")
            between.cut()
            service.unlock(key)
            keys.add(key)
        assert len(keys) == 3


def test_a_lock_stays_held_for_much_longer_than_a_session(server: Server) -> None:
    with server.opened(session=5) as locking, server.opened() as others:
        key = locking.DistributedLocking.open("shop").lock(b"renewed")
        end = time.monotonic() + 6.5
        while time.monotonic() < end:
            with fails_with(api.DistributedLockingError_LockTimeoutError):
                others.DistributedLocking.open("shop").lock(b"renewed")
        locking.DistributedLocking.open("shop").unlock(key)


def test_a_host_that_the_server_has_not_heard_of_for_a_session_loses_its_locks(
    server: Server, between: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    with server.opened(between.url, session=2) as locking, server.opened(timeout=LONG) as others:
        key = locking.DistributedLocking.open("shop").lock(b"lost")
        with caplog.at_level(logging.WARNING, "witkit.backends"):
            between.refuse()
            service = others.DistributedLocking.open("shop")
            service.lock(b"lost")
        between.pass_on()
        with fails_with(api.DistributedLockingError_InvalidLockId):
            locking.DistributedLocking.open("shop").unlock(key)
        assert len([line for line in caplog.messages if "cannot be renewed" in line]) == 1
        assert PASSWORD not in caplog.text


def test_no_two_hosts_hold_a_lock_while_connections_are_cut(server: Server, between: Proxy) -> None:
    held, most, done, wrong = 0, 0, 0, []

    def attempted(action: Callable[[], Any]) -> Any:
        try:
            return action()
        except Err as failed:
            if not isinstance(failed.value, UNREACHABLE):
                wrong.append(failed.value)
            return None

    def work(service: api.DistributedLocking) -> None:
        nonlocal held, most, done
        while done < 60 and not wrong:
            if key := attempted(lambda: service.lock(b"cuts")):
                held += 1
                most = max(most, held)
                time.sleep(0.002)
                held -= 1
                done += 1
                attempted(lambda: service.unlock(key))

    with ExitStack() as stack:
        hosts = [stack.enter_context(server.opened(between.url, timeout=2 * LONG)) for _ in range(3)]
        services = [host.DistributedLocking.open("shop") for host in hosts]
        workers = [threading.Thread(target=work, args=[service]) for service in services]
        for worker in workers:
            worker.start()
        for _ in range(8):
            time.sleep(0.05)
            between.cut()
        for worker in workers:
            worker.join(2 * LONG)
    assert (most, done >= 60, wrong) == (1, True, [])
