"""Measure key-value stores through witkit, through the bare client library, and over HTTP to another process.

    python benchmarks/keyvalue.py [--rounds N] [--redis URL] [--nats URL] [--postgresql URL]

`bare` is the client library alone, with the same commands; for NATS it is called from another thread, as every
program does that is not asynchronous itself. `witkit` is a call of the interface in the same process, `added` the
difference. `HTTP` is the bare library behind a minimal server on the same machine. Microseconds are the least of N
rounds, each the mean of 10 operations with values of 100 bytes: a round has to be short, or other programs interrupt
each of them. A server is left out without its URL. Keys, a bucket
and a table whose names begin with `witkit-benchmark` are made and removed.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import socket
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

import witkit.backends
from witkit.backends.keyvalue import postgresql

VALUE = bytes(range(100))
NAME = "witkit-benchmark"
OWN = f"witkit_benchmark_{os.getpid()}"
"""For what this process makes and removes."""
KEY = "order/000001"
EACH = 10
SERVERS = ("redis", "nats", "postgresql")


@dataclass(frozen=True)
class Calls:
    """Two operations on one key."""

    set: Callable[[], object]
    get: Callable[[], object]


@contextmanager
def bare_memory(place: str) -> Iterator[Calls]:
    values: dict[str, bytes] = {}
    yield Calls(lambda: values.__setitem__(KEY, VALUE), lambda: values[KEY])


@contextmanager
def bare_sqlite(place: str) -> Iterator[Calls]:
    insert = "INSERT INTO bare VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    with closing(sqlite3.connect(f"{place}-bare", isolation_level=None, check_same_thread=False)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE IF NOT EXISTS bare (key TEXT PRIMARY KEY, value BLOB)")
        yield Calls(
            lambda: database.execute(insert, (KEY, VALUE)).fetchall(),
            lambda: database.execute("SELECT value FROM bare WHERE key = ?", (KEY,)).fetchall(),
        )


@contextmanager
def bare_redis(place: str) -> Iterator[Calls]:
    from redis import Redis

    with Redis.from_url(place) as client:
        yield Calls(lambda: client.set(OWN, VALUE), lambda: client.get(OWN))
        client.delete(OWN)


@contextmanager
def bare_postgresql(place: str) -> Iterator[Calls]:
    import psycopg

    upsert = "ON CONFLICT (store, key) DO UPDATE SET value = excluded.value"
    insert = f"INSERT INTO {OWN} VALUES (%s, %s, %s) {upsert}".encode()
    select = f"SELECT value FROM {OWN} WHERE store = %s AND key = %s".encode()
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {OWN} ({postgresql.COLUMNS})".encode())
        yield Calls(
            lambda: connection.execute(insert, ("orders", KEY, VALUE), binary=True),
            lambda: connection.execute(select, ("orders", KEY), binary=True).fetchall(),
        )
        connection.execute(f"DROP TABLE {OWN}".encode())


@contextmanager
def bare_nats(place: str) -> Iterator[Calls]:
    import asyncio

    import nats

    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, daemon=True).start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    client = run(nats.connect(place))
    bucket = run(client.jetstream().create_key_value(bucket=OWN, direct=True))
    yield Calls(lambda: run(bucket.put("key", VALUE)), lambda: run(bucket.get("key")))
    run(client.jetstream().delete_key_value(OWN))
    run(client.close())


BARE = {
    "memory": bare_memory,
    "sqlite": bare_sqlite,
    "redis": bare_redis,
    "postgresql": bare_postgresql,
    "nats": bare_nats,
}


def settings_of(name: str, place: str) -> dict[str, str]:
    """The settings of a backend of witkit."""
    given: dict[str, dict[str, str]] = {
        "memory": {},
        "sqlite": {"path": place},
        "redis": {"url": place, "prefix": f"{NAME}-"},
        "postgresql": {"url": place, "table": "witkit_benchmark"},
        "nats": {"url": place, "bucket": NAME},
    }
    return given[name]


@contextmanager
def with_witkit(name: str, place: str) -> Iterator[Calls]:
    settings: dict[str, Any] = settings_of(name, place)
    with witkit.backends.open("key-value", name, **settings) as stores:
        store = stores.Keyvalue.open("orders")
        yield Calls(lambda: store.set(KEY, VALUE), lambda: store.get(KEY))
    clean(name, place)


def clean(name: str, place: str) -> None:
    """Remove the key, the table or the bucket that witkit has made."""
    if name == "redis":
        from redis import Redis

        with Redis.from_url(place) as client:
            client.delete(f"{NAME}-orders:{KEY}")
    if name == "postgresql":
        import psycopg

        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute("DROP TABLE witkit_benchmark")
    if name == "nats":
        import asyncio

        import nats

        async def remove() -> None:
            client = await nats.connect(place)
            await client.jetstream().delete_key_value(NAME)
            await client.close()

        asyncio.run(remove())


@contextmanager
def over_http(name: str, place: str) -> Iterator[Calls]:
    """The bare library in another process."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(name, place, there), daemon=True)
    process.start()
    with closing(http.client.HTTPConnection("127.0.0.1", here.recv())) as connection:
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def ask(method: str, body: bytes | None = None) -> bytes:
            connection.request(method, f"/{KEY}", body)
            return connection.getresponse().read()

        yield Calls(lambda: ask("PUT", VALUE), lambda: ask("GET"))
    here.send("end")
    process.join()


def serve(name: str, place: str, there: Connection) -> None:
    """Answer PUT and GET until something comes from the other end."""
    with BARE[name](place) as calls:

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                calls.set()
                self.answer(b"")

            def do_GET(self) -> None:
                calls.get()
                self.answer(VALUE)

            def answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, *words: object) -> None:
                """Print nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            there.send(server.server_port)
            there.recv()
            server.shutdown()


def measure(places: dict[str, str], rounds: int) -> None:
    """Print a line for each operation of each backend."""
    print(f"{'backend':<12}{'':<5}{'bare':>9}{'witkit':>9}{'added':>9}{'HTTP':>9}{'times':>8}   µs")
    for name, place in places.items():
        with ExitStack() as stack:
            ways = [
                stack.enter_context(BARE[name](place)),
                stack.enter_context(with_witkit(name, place)),
                stack.enter_context(over_http(name, place)),
            ]
            time.sleep(1.1)  # In its first second, a folder is looked into more closely.
            for operation in ("set", "get"):
                bare, ours, http = least([getattr(way, operation) for way in ways], rounds)
                figures = f"{bare:>9.1f}{ours:>9.1f}{ours - bare:>9.1f}{http:>9.1f}{http / ours:>8.1f}"
                print(f"{name:<12}{operation:<5}{figures}")


def least(calls: list[Callable[[], object]], rounds: int) -> list[float]:
    """The least microseconds of each call; rounds alternate, so that all have the same machine."""
    found = [float("inf")] * len(calls)
    for _ in range(rounds):
        for at, call in enumerate(calls):
            call()  # Its connection and the server's process were not used during the rounds of the others.
            began = time.perf_counter()
            for _ in range(EACH):
                call()
            found[at] = min(found[at], (time.perf_counter() - began) / EACH * 1e6)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    for server in SERVERS:
        parser.add_argument(f"--{server}", metavar="URL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"memory": "", "sqlite": str(Path(folder) / "stores.db")}
        measure({**chosen, **{name: url for name in SERVERS if (url := getattr(given, name))}}, given.rounds)
