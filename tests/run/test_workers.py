"""Several hosts share the messages of a broker: one is killed in the middle, or the broker is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.backends.messaging.backends import Backend, backend_of
from tests.run.projects import project
from tests.services.names import new_name
from tests.services.private.nats import PrivateNats
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PrivateServer
from witkit.backends.failure import Failure
from witkit.backends.messaging.protocol import Messages

MESSAGES = 2000
FETCHED = {"kafka": 64}
"""How many messages more a host may have taken before it is killed."""
SOON = 120.0
"""Seconds that a test waits for what is about to happen."""

WORLD = """
world app {
  include wasmcloud:messaging/service@0.2.0;
  import spiderlightning:distributed-locking/distributed-locking@0.5.1;
  import spiderlightning:keyvalue/keyvalue@0.5.1;
}
"""
APP = """
import random, sys, time
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import consumer, distributed_locking, keyvalue, types

HOST = random.randbytes(4).hex().encode()

class Handler(exports.Handler):
    def handle_message(self, msg):
        if msg.body == b"hold":
            locks = distributed_locking.DistributedLocking.open("work")
            key = locks.lock(b"leader")
            store = keyvalue.Keyvalue.open("work")
            if not store.keys():
                store.set("held", b"1")
                sys.stdout.write("holding\\n")
                sys.stdout.flush()
                while True:
                    time.sleep(0.1)
            locks.unlock(key)
        consumer.publish(types.BrokerMessage("done", msg.body + b" " + HOST, None))
"""


class Workers:
    """Processes that serve the same guest."""

    def __init__(self, folder: Path, backend: Backend, locking: dict[str, Any]) -> None:
        self.app = project(folder, WORLD, APP, "wasmcloud-messaging", "distributed-locking", "keyvalue")
        self._folder = folder
        lines = [
            "[instances]",
            'instances = "pooled"',
            "[[messaging.subscriptions]]",
            *("topic = 'orders'", "name = 'broker'", "group = 'workers'", "backoff = 0.1", "attempts = 100"),
            *table("messaging", {"backend": backend.name, **backend.settings}),
            *table("locking", locking),
        ]
        (folder / "witkit.toml").write_text("\n".join(lines))
        self.processes: list[subprocess.Popen[str]] = []
        self._readers: list[Thread] = []
        self.log: list[str] = []
        """What they have said."""

    def start(self) -> subprocess.Popen[str]:
        """One more, which has subscribed."""
        process = subprocess.Popen(
            [sys.executable, "-m", "witkit", "serve", str(self.app)],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "WITKIT_CACHE_DIR": str(self._folder / "cache")},
        )
        self.processes.append(process)
        serves = Event()
        reader = Thread(target=self._read, args=(process, serves))
        self._readers.append(reader)
        reader.start()
        while not serves.wait(0.05):
            assert reader.is_alive(), "".join(self.log)
        return process

    def _read(self, process: subprocess.Popen[str], serves: Event) -> None:
        """Read what a process says as long as it lives: it would wait for that."""
        assert process.stderr
        for line in process.stderr:
            self.log.append(f"{process.pid}: {line}")
            if "end with Ctrl-C" in line:
                serves.set()

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for reader in self._readers:
            reader.join()
        for process in self.processes:
            process.communicate()


def table(name: str, values: dict[str, Any]) -> list[str]:
    """A table of TOML."""
    return [f"[{name}]", *(f"{key} = {json.dumps(value, default=str)}" for key, value in values.items())]


@contextmanager
def workers(folder: Path, backend: Backend, locking: dict[str, Any]) -> Iterator[Workers]:
    made = Workers(folder, backend, locking)
    try:
        yield made
    finally:
        made.end()
        print("".join(made.log))


@dataclass
class Handled:
    """What hosts have done: how often each message was handled, and the messages of each host in its order."""

    counts: Counter[bytes] = field(default_factory=Counter)
    by_host: dict[bytes, list[bytes]] = field(default_factory=dict)

    def add(self, done: bytes) -> None:
        message, host = done.split()
        self.counts[message] += 1
        self.by_host.setdefault(host, []).append(message)

    @property
    def late(self) -> list[bytes]:
        """Messages that a host has handled after one that was published later."""
        found = []
        for messages in self.by_host.values():
            last = -1
            for number in [int(each) for each in messages if each != b"hold"]:
                if number < last:
                    found.append(b"%d" % number)
                last = max(last, number)
        return found


def handled(messages: Messages, token: str, wanted: set[bytes]) -> Handled:
    """What the hosts have done, once all messages have been handled."""
    found = Handled()
    while not wanted <= found.counts.keys():
        received = messages.receive(token, SOON)
        assert received is not None, f"{len(wanted - found.counts.keys())} messages are missing"
        messages.acknowledge(token, received)
        found.add(received.message)
    return found


def holding(workers: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """The worker that says that it holds the lock."""
    import selectors

    with selectors.DefaultSelector() as selector:
        for worker in workers:
            assert worker.stdout
            selector.register(worker.stdout, selectors.EVENT_READ, worker)
        ((key, _),) = selector.select(SOON)[:1]
        found: subprocess.Popen[str] = key.data
        assert found.stdout
        assert found.stdout.readline() == "holding\n"
        return found


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("redis", marks=pytest.mark.redis),
        pytest.param("nats", marks=pytest.mark.nats),
        pytest.param("rabbitmq", marks=pytest.mark.rabbitmq),
        pytest.param("kafka", marks=pytest.mark.kafka),
    ]
)
def backend(request: pytest.FixtureRequest) -> Backend:
    found = backend_of(request.param, request)
    # RabbitMQ and Kafka notice by themselves that a host is gone. Hosts may take long to start, while nobody receives.
    # A busy machine may keep one from giving Kafka a sign of life for some seconds.
    more: dict[str, Any] = {"rabbitmq": {"idle": 600}, "kafka": {"session": 10}}.get(request.param, {"again": 6})
    return Backend(found.name, {**found.settings, **more})


@pytest.mark.redis
def test_of_three_hosts_one_is_killed_in_the_middle(
    backend: Backend, redis_url: str, redis_prefix: str, tmp_path: Path
) -> None:
    """No message is lost. The message that the dead one held comes to another one, and so does its lock. Each host
    handles what it gets in the order of publishing, except what comes again."""
    locking = {"backend": "redis", "url": redis_url, "prefix": f"{redis_prefix}l:", "session": 2, "timeout": 60}
    sent = [b"%d" % number for number in range(MESSAGES)]
    with backend.spoken() as messages, workers(tmp_path, backend, locking) as hosts:
        done = messages.subscribe("", "done")
        three = [hosts.start() for _ in range(3)]
        for number, message in enumerate(sent):
            if number == MESSAGES // 4:
                messages.publish("broker", "orders", b"hold")
            messages.publish("broker", "orders", message)
        dead = holding(three)
        dead.kill()
        # Whoever gets the message that it held has to wait until its lock has ended.
        found = handled(messages, done, {*sent, b"hold"})
        counts = found.counts
        assert counts.total() - len(counts) <= len(three) + FETCHED.get(backend.name, 0)
        assert len(found.late) <= len(three), found.late


@pytest.fixture(params=[pytest.param(each, marks=getattr(pytest.mark, each)) for each in ("redis", "nats")])
def server(request: pytest.FixtureRequest) -> Iterator[PrivateServer]:
    with PrivateRedis() if request.param == "redis" else PrivateNats() as running:
        yield running


def test_the_broker_is_killed_in_the_middle_and_starts_again(server: PrivateServer, tmp_path: Path) -> None:
    place = {"redis": "prefix", "nats": "stream"}[server.scheme]
    backend = Backend(server.scheme, {"url": server.url, "again": 2, "timeout": 10, place: new_name()})
    sent = {b"%d" % number for number in range(500)}
    with backend.spoken() as messages, workers(tmp_path, backend, {"backend": "memory"}) as hosts:
        done = messages.subscribe("", "done", "others")
        for _ in range(2):
            hosts.start()
        for message in sent:
            messages.publish("broker", "orders", message)
        received = messages.receive(done, SOON)
        assert received is not None
        messages.acknowledge(done, received)
        first, _ = received.message.split()
        server.kill()
        server.start()
        until_back(messages)
        assert handled(messages, done, sent - {first}).counts.keys() >= sent - {first}
        assert all(worker.poll() is None for worker in hosts.processes)


def until_back(messages: Messages) -> None:
    """Wait until this process has found the server again."""
    for _ in range(int(SOON * 10)):
        try:
            return messages.check()
        except Failure:
            Event().wait(0.1)
    raise AssertionError("the server is not back")
