"""Redis servers in odd states: what commands for them say, and what they do afterwards."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

import witkit.backends
from tests.services.private.ports import free_port
from tests.services.private.redis import PrivateRedis
from tests.services.proxy import proxy
from witkit.backends.failure import Failure, Kind
from witkit.backends.redis_commands import Commands
from witkit.text import WitkitError

pytestmark = pytest.mark.redis


class ClusterNode(PrivateRedis):
    """A server that belongs to a cluster, which is its only one and has all keys."""

    path = ""

    def command(self) -> list[str]:
        # By default, nodes talk on a port 10,000 above, which may be taken.
        own = ["--cluster-enabled", "yes", "--cluster-port", str(free_port())]
        return [*super().command(), *own, "--cluster-require-full-coverage", "no"]


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateRedis]:
    with PrivateRedis() as private:
        yield private


def commands(url: str, timeout: float = 30.0) -> closing[Commands]:
    return closing(Commands(url, timeout, lambda: Failure(Kind.CLOSED, "the storage is closed")))


def failed(asked: Commands, *command: Any) -> tuple[Kind, str]:
    with pytest.raises(Failure) as refused:
        asked.run(*command)
    return refused.value.kind, refused.value.message


@pytest.mark.parametrize("capability", ["key-value", "locking", "configs", "messaging"])
def test_a_node_of_a_cluster_is_refused_before_anything_runs(capability: str) -> None:
    with ClusterNode() as node:
        refused = "the server belongs to a cluster, which has keys on other servers"
        with pytest.raises(WitkitError, match=refused) as raised:
            witkit.backends.open(capability, "redis", url=node.url)
        assert raised.value.diagnostics[0].help.startswith("name another server:\n")


@pytest.mark.parametrize("url", ["", "?db=3&client_name=shop"])
def test_connecting_and_the_first_answer_have_the_time_of_one_answer(server: PrivateRedis, url: str) -> None:
    with proxy(server.url) as between:
        between.delay(0.75)
        with commands(f"{between.url}{url}", 1.0) as asked:
            begun = time.monotonic()
            assert failed(asked, "GET", "a")[0] is Kind.TIMEOUT
            assert time.monotonic() - begun < 1.4


def test_a_server_that_still_loads_its_data_says_so() -> None:
    from redis.exceptions import BusyLoadingError

    from witkit.backends.redis_client import failure_of

    failure = failure_of(BusyLoadingError("Redis is loading the dataset in memory"))
    assert (failure.kind, failure.message) == (Kind.UNREACHABLE, "the server is still loading its data")


def test_options_of_the_url_have_their_effect(server: PrivateRedis) -> None:
    url = f"redis://127.0.0.1:{server.port}?db=3&client_name=shop&health_check_interval=1&socket_timeout=20"
    with commands(url) as asked:
        assert asked.run("CLIENT", "GETNAME") == b"shop"
        assert b" db=3 " in asked.run("CLIENT", "INFO")
        assert asked.location == f"Redis at 127.0.0.1:{server.port}, database 3"


def test_a_connection_that_the_server_ends_in_the_middle_is_not_used_again(server: PrivateRedis) -> None:
    with commands(server.url) as asked, commands(server.url) as other:
        number = asked.run("CLIENT", "ID")
        killing = threading.Thread(target=_kill, args=(other, number))
        killing.start()
        assert failed(asked, "BLPOP", "nothing", 0)[0] is Kind.UNREACHABLE
        killing.join()
        assert asked.run("ECHO", "next") == b"next"


def _kill(other: Commands, number: int) -> None:
    """End a connection once it waits."""
    while not re.search(rb"^id=%d .* cmd=blpop " % number, other.run("CLIENT", "LIST"), re.MULTILINE):
        time.sleep(0.01)
    other.run("CLIENT", "KILL", "ID", number)


class Stopped(Exception):
    pass


class HalfAnswers:
    """A way to a server on which an answer of more than 64 KiB stops in the middle, for the signal SIGUSR1."""

    def __init__(self, port: int) -> None:
        self._listening, self._to = socket.create_server(("127.0.0.1", 0)), port
        self.url = f"redis://127.0.0.1:{self._listening.getsockname()[1]}"
        self.interrupted = threading.Event()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                for work in (self._there, self._back):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # or the thread would go on waiting
        self._listening.close()

    def _there(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), server:
            while data := client.recv(1 << 16):
                server.sendall(data)

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        with suppress(OSError), client:
            while data := server.recv(1 << 12):
                client.sendall(data)
                before, passed = passed, passed + len(data)
                if before <= 1 << 16 < passed:
                    os.kill(os.getpid(), signal.SIGUSR1)
                    self.interrupted.wait()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows has no signals that interrupt")
def test_nobody_gets_the_rest_of_an_answer_that_was_interrupted(server: PrivateRedis) -> None:
    half = HalfAnswers(server.port)

    def stop(number: int, frame: object) -> None:
        half.interrupted.set()
        raise Stopped

    before = signal.signal(signal.SIGUSR1, stop)
    threading.Thread(target=half.serve, daemon=True).start()
    try:
        with closing(half), commands(half.url) as asked:
            asked.run("SET", "large", b"x" * (1 << 20))
            with pytest.raises(Stopped):
                asked.run("GET", "large")
            assert asked.run("ECHO", "next") == b"next"
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_an_answer_that_comes_too_late_is_nobodys(server: PrivateRedis) -> None:
    with commands(server.url) as asked, commands(server.url, timeout=3) as hasty:
        asked.run("SET", "a", "late")
        hasty.run("SET", "b", "right")
        server.freeze()
        try:
            assert failed(hasty, "GET", "a")[0] is Kind.TIMEOUT
        finally:
            server.thaw()
        assert asked.run("GET", "b") == b"right"
        assert hasty.run("GET", "b") == b"right"
