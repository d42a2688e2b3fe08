"""Signals and timeouts that end a program while its backend waits for a server that does not answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.backends.objects.places import s3
from tests.run.conftest import Guest
from tests.run.projects import project
from tests.run.test_signals import CALLING, CALLING_WORLD, started, wait_for
from tests.services.proxy import proxy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

SQL_WORLD = "world app { import spiderlightning:sql/sql@0.5.1; export call: func(); }"
SQL = """
import wit_world
from wit_world.imports import sql

class WitWorld(wit_world.WitWorld):
    def call(self):
        database, statement = sql.Sql.open("shop"), sql.Statement.prepare("SELECT 1", [])
        database.query(statement)
        print("holding", flush=True)
        while True:
            try:
                database.query(statement)
            except Exception:
                pass
"""
LOCKS_WORLD = "world app { import spiderlightning:distributed-locking/distributed-locking@0.5.1; export call: func(); }"
LOCKS = """
import wit_world
from wit_world.imports import distributed_locking

class WitWorld(wit_world.WitWorld):
    def call(self):
        locks = distributed_locking.DistributedLocking.open("shop")
        locks.unlock(locks.lock(b"tea"))
        print("holding", flush=True)
        while True:
            try:
                locks.unlock(locks.lock(b"tea"))
            except Exception:
                pass
"""

APPS = {
    "key-value": (CALLING_WORLD, CALLING, "keyvalue"),
    "sql": (SQL_WORLD, SQL, "sql"),
    "locking": (LOCKS_WORLD, LOCKS, "distributed-locking"),
}
SERVERS = {
    "key-value": ("redis", "nats", "postgresql", "s3"),
    "sql": ("postgresql", "mariadb"),
    "locking": ("redis", "etcd", "postgresql"),
}
PLACES = {"redis": "prefix", "nats": "bucket", "etcd": "prefix"}


def settings(server: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the test's own data is on a server; the first setting is its URL."""
    fixture = request.getfixturevalue
    if server == "s3":
        return s3(fixture("s3_url"), bucket=fixture("s3_bucket"))
    if server in PLACES:
        return {"url": fixture(f"{server}_url"), PLACES[server]: fixture(f"{server}_prefix")}
    return {"url": fixture(f"{server}_database")}


def end_while_it_waits(
    capability: str, server: str, app: Path, request: pytest.FixtureRequest, timeout: bool = False
) -> None:
    """Run the program, freeze its server, and send a signal or wait for its timeout."""
    chosen = {**settings(server, request), "timeout": "600"}
    address = next(iter(chosen))
    with proxy(chosen[address]) as between:
        chosen[address] = between.url
        options = [part for name, value in chosen.items() for part in ("--set", f"{capability}.{name}={value}")]
        folder = request.getfixturevalue("tmp_path")
        options += ["--timeout", "6"] if timeout else []
        process = started(folder, "--backend", f"{capability}={server}", *options, "--invoke", "call", app)
        wait_for(process.stdout, "holding\n")
        between.swallow()
        if timeout:
            err = process.communicate(timeout=60)[1]  # less than the 600 seconds of the backend
            assert ("ran longer than its timeout" in err, process.returncode) == (True, 1), err
            return
        between.wait_until_it_holds_something()
        process.terminate()
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 143


@pytest.mark.parametrize(
    ("capability", "server"),
    [
        pytest.param(capability, server, marks=getattr(pytest.mark, server))
        for capability, servers in SERVERS.items()
        for server in servers
    ],
)
def test_a_guest_under_python_ends(
    capability: str, server: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    end_while_it_waits(capability, server, project(tmp_path, *APPS[capability]), request)


@pytest.mark.parametrize(
    "server", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS["key-value"]]
)
def test_a_component_ends(server: str, guest: Guest, request: pytest.FixtureRequest) -> None:
    end_while_it_waits("key-value", server, guest("holding"), request)


@pytest.mark.parametrize(
    ("capability", "server"),
    [
        pytest.param("key-value", "nats", marks=pytest.mark.nats),
        pytest.param("sql", "postgresql", marks=pytest.mark.postgresql),
        pytest.param("sql", "mariadb", marks=pytest.mark.mariadb),
        pytest.param("locking", "etcd", marks=pytest.mark.etcd),
    ],
)
def test_a_timeout_ends_a_guest_under_python(
    capability: str, server: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    end_while_it_waits(capability, server, project(tmp_path, *APPS[capability]), request, timeout=True)


@pytest.mark.parametrize("server", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("redis", "s3")])
def test_a_timeout_ends_a_component(server: str, guest: Guest, request: pytest.FixtureRequest) -> None:
    end_while_it_waits("key-value", server, guest("holding"), request, timeout=True)
