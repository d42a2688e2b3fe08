"""Servers of a test's own: they keep what they have acknowledged, and can be stopped, killed and frozen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import psycopg
import pymysql
import pytest
from nats.errors import Error as NatsError
from redis.exceptions import RedisError

from tests.patience import LONG, eventually
from tests.services import clients
from tests.services.azure import make_container
from tests.services.private.azure import PrivateAzure
from tests.services.private.etcd import PrivateEtcd
from tests.services.private.mariadb import PrivateMariadb
from tests.services.private.nats import PrivateNats
from tests.services.private.postgresql import PrivatePostgresql
from tests.services.private.redis import PrivateRedis
from tests.services.private.s3 import PrivateS3
from tests.services.private.server import PASSWORD, PrivateServer
from tests.services.proxy import proxy
from tests.services.s3 import make_bucket

REPOSITORY = Path(__file__).parents[2]
ERRORS = (OSError, RedisError, NatsError, psycopg.Error, pymysql.MySQLError, HTTPException)
"""What the clients raise if a server does not answer."""

KINDS = ["redis", "nats", "postgresql", "mariadb", "etcd"]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def _make(kind: str) -> PrivateServer:
    """A server that wants a password."""
    match kind:
        case "redis":
            return PrivateRedis(user="witkit", password=PASSWORD)
        case "nats":
            return PrivateNats(password=PASSWORD)
        case "postgresql":
            return PrivatePostgresql()
        case "mariadb":
            return PrivateMariadb()
        case _:
            return PrivateEtcd(password=PASSWORD)


@pytest.fixture
def server(kind: str) -> Iterator[PrivateServer]:
    with _make(kind) as made:
        yield made


def _write(server: PrivateServer) -> None:
    getattr(clients, f"write_{_name(server)}")(server.url)


def _read(server: PrivateServer, url: str | None = None) -> object:
    return getattr(clients, f"read_{_name(server)}")(url or server.url)


def _name(server: PrivateServer) -> str:
    return type(server).__name__.removeprefix("Private").lower()


def test_what_was_written_survives_stop_and_kill(server: PrivateServer) -> None:
    port = server.port
    _write(server)
    server.kill()
    with pytest.raises(ERRORS):
        _read(server)
    server.start()
    assert _read(server) == "1"
    server.stop()
    server.start()
    assert _read(server) == "1"
    assert server.port == port


def test_a_frozen_server_answers_after_it_thaws(server: PrivateServer) -> None:
    _write(server)
    server.freeze()
    before = time.monotonic()
    with pytest.raises(ERRORS):
        _read(server)
    assert time.monotonic() - before > 1, "the client waited"
    server.thaw()
    assert _read(server) == "1"


def test_what_is_open_when_a_server_freezes_waits_too() -> None:
    with PrivatePostgresql() as server, psycopg.connect(server.url) as connection:
        server.freeze()
        with ThreadPoolExecutor() as pool:
            asked = pool.submit(connection.execute, "select 1")
            with pytest.raises(TimeoutError):
                asked.result(1)
            server.thaw()
            assert asked.result(LONG).fetchone() == (1,)


def test_a_frozen_server_can_be_killed(server: PrivateServer) -> None:
    _write(server)
    server.freeze()
    server.kill()
    server.start()
    assert _read(server) == "1"


def test_a_wrong_password_is_refused(server: PrivateServer) -> None:
    _write(server)
    with pytest.raises(Exception, match=r"(?i)auth|pass|denied|400|not permitted"):
        _read(server, server.url_as(server.user, "wrong"))
    assert _read(server) == "1"


def test_an_answer_is_cut_in_its_middle(server: PrivateServer) -> None:
    _write(server)
    with proxy(server.url) as between:
        assert _read(server, between.url) == "1"
        between.cut_after(2)
        with pytest.raises(ERRORS):
            _read(server, between.url)
        assert _read(server, between.url) == "1"


def test_nothing_is_left_after_the_test(kind: str) -> None:
    with _make(kind) as server:
        folder, process = server.folder, server.running
        assert folder.is_dir()
    assert process.poll() is not None
    assert not folder.exists()


HOLDS = """
import os, sys
from tests.services.private.redis import PrivateRedis
server = PrivateRedis()
server.start()
server.freeze()
print(server.running.pid, server.folder, flush=True)
sys.stdin.read()
"""


def test_a_server_ends_even_if_the_tests_are_killed() -> None:
    command = [sys.executable, "-c", HOLDS]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holding:
        assert holding.stdout is not None
        pid, folder = holding.stdout.readline().split()
        assert _runs(int(pid))
        holding.kill()
    assert eventually(lambda: not (_runs(int(pid)) or Path(folder).exists()))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_server_that_does_not_start_says_why() -> None:
    server = PrivatePostgresql(settings={"shared_buffers": "nonsense"})
    with pytest.raises(RuntimeError, match="shared_buffers"), server:
        pass
    assert not server.folder.exists()


def test_azure_keeps_what_was_written_and_s3_forgets_it() -> None:
    with PrivateAzure() as server:
        container = make_container(server.url)
        assert clients.objects_azure(server.url, container) == b"1"
        server.stop()
        server.start()
        assert clients.objects_azure(server.url, container) == b"1"
    with PrivateS3() as server:
        bucket = make_bucket(server.url)
        assert clients.objects_s3(server.url, bucket) == b"1"
        server.kill()
        server.start()
        with pytest.raises(FileNotFoundError):
            clients.objects_s3(server.url, bucket)
