"""Measure locks through witkit and through the bare client library, without a component.

    python benchmarks/locking.py [--rounds N] [--redis URL] [--etcd URL] [--postgresql URL]

Each operation takes a lock without time to live and frees it. `bare` sends the same commands with the client library
alone, and waits as long for answers; `added` is the difference, and `of this CPU` that of the time
of this process alone. Microseconds are the least of N rounds, each the mean of 50 operations. A server is left out
without its URL. What is made there begins with `witkit_benchmark` and is removed.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import witkit.backends
from witkit.backends.locking.postgresql import ACQUIRE, COLUMNS, RELEASE
from witkit.backends.locking.redis import RELEASE as RELEASE_SCRIPT
from witkit.backends.locking.sqlite import PUT, SCHEMA

Turn: TypeAlias = Callable[[], object]
"""Takes a lock and frees it."""

NAME = b"stock"
EACH = 50
OWN = f"witkit_benchmark_{os.getpid()}"
"""What this process makes begins with it."""


@contextmanager
def bare_memory(place: str) -> Iterator[Turn]:
    lock = threading.Lock()

    def turn() -> None:
        lock.acquire()
        lock.release()

    yield turn


@contextmanager
def bare_sqlite(place: str) -> Iterator[Turn]:
    with closing(sqlite3.connect(f"{place}-bare", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(SCHEMA)
        database.create_function("is_held", 4, lambda *row: True)

        def turn() -> None:
            secret = secrets.token_bytes(16)
            database.execute(PUT, ("shop", NAME, secret, "boot", 1.5, None, "session")).fetchall()
            query = "DELETE FROM locks WHERE service = ? AND name = ? AND secret = ? RETURNING until"
            database.execute(query, ("shop", NAME, secret)).fetchall()

        yield turn


@contextmanager
def bare_redis(place: str) -> Iterator[Turn]:
    from redis import Redis

    with Redis.from_url(place, socket_timeout=5) as client:
        release = client.register_script(RELEASE_SCRIPT)

        def turn() -> None:
            secret = secrets.token_bytes(16)
            client.set(OWN, secret, nx=True, px=10_000)
            release(keys=[OWN], args=[secret])

        yield turn


@contextmanager
def bare_etcd(place: str) -> Iterator[Turn]:
    import urllib3

    http = urllib3.PoolManager(timeout=5)
    key = _text(OWN.encode())

    def call(method: str, body: Any) -> Any:
        return json.loads(http.request("POST", f"{place}/v3/{method}", body=json.dumps(body)).data)

    def turn() -> None:
        value = _text(secrets.token_bytes(16))
        call("kv/range", {"key": key, "keys_only": True})
        lease = call("lease/grant", {"TTL": "10"})["ID"]
        free = {"key": key, "target": "CREATE", "result": "EQUAL", "create_revision": "0"}
        call("kv/txn", {"compare": [free], "success": [{"requestPut": {"key": key, "value": value, "lease": lease}}]})
        own = {"key": key, "target": "VALUE", "result": "EQUAL", "value": value}
        call("kv/txn", {"compare": [own], "success": [{"requestDeleteRange": {"key": key, "prev_kv": True}}]})
        call("lease/revoke", {"ID": lease})

    yield turn


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextmanager
def bare_postgresql(place: str) -> Iterator[Turn]:
    import psycopg

    acquire, release = (query.replace("{}", f"{OWN}_bare").encode() for query in (ACQUIRE, RELEASE))
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {OWN}_bare ({COLUMNS})".encode())

        def turn() -> None:
            values = {"service": b"shop", "name": NAME, "secret": secrets.token_bytes(16), "life": 10.0}
            connection.execute(acquire, values, binary=True).fetchall()
            connection.execute(release, values, binary=True).fetchall()

        yield turn
        connection.execute(f"DROP TABLE {OWN}_bare, {OWN}".encode())


@contextmanager
def through_witkit(name: str, place: str) -> Iterator[Turn]:
    settings: dict[str, dict[str, Any]] = {
        "memory": {},
        "sqlite": {"path": place},
        "redis": {"url": place, "prefix": OWN},
        "etcd": {"url": place, "prefix": OWN},
        "postgresql": {"url": place, "table": OWN},
    }
    with witkit.backends.open("locking", name, **settings[name]) as locking:
        service = locking.DistributedLocking.open("shop")
        yield lambda: service.unlock(service.lock(NAME))


BARE = {
    "memory": bare_memory,
    "sqlite": bare_sqlite,
    "redis": bare_redis,
    "etcd": bare_etcd,
    "postgresql": bare_postgresql,
}


def least(turns: list[Turn], rounds: int, clock: Callable[[], float]) -> list[float]:
    """The least microseconds of each; rounds alternate, so that all have the same machine."""
    found = [float("inf")] * len(turns)
    for _ in range(rounds):
        for at, turn in enumerate(turns):
            began = clock()
            for _ in range(EACH):
                turn()
            found[at] = min(found[at], (clock() - began) / EACH * 1e6)
    return found


def measure(places: dict[str, str], rounds: int) -> None:
    """Print a line for each backend."""
    print(f"{'backend':<12}{'bare':>10}{'witkit':>10}{'added':>10}{'of this CPU':>14}   µs for lock and unlock")
    for name, place in places.items():
        with ExitStack() as stack:
            # The bare one removes both tables of PostgreSQL, after witkit has closed its connections.
            ways = [stack.enter_context(BARE[name](place)), stack.enter_context(through_witkit(name, place))]
            time.sleep(1.1)  # In its first second, a folder is looked into more closely.
            bare, ours = least(ways, rounds, time.perf_counter)
            # On a busy machine, how long a server takes varies by more than what witkit does.
            spent, ours_spent = least(ways, rounds, time.process_time)
        print(f"{name:<12}{bare:>10.1f}{ours:>10.1f}{ours - bare:>10.1f}{ours_spent - spent:>14.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    servers = ("redis", "etcd", "postgresql")
    for server in servers:
        parser.add_argument(f"--{server}", metavar="URL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"memory": "", "sqlite": str(Path(folder) / "locks.db")}
        measure({**chosen, **{name: url for name in servers if (url := getattr(given, name))}}, given.rounds)
