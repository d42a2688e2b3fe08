"""Several processes share a group, and one of them dies."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread

import pytest

from tests.backends.messaging.backends import Backend
from tests.sampled import crowd
from witkit.backends.messaging.protocol import Messages

OPEN = """
import json, sys, time
from contextlib import ExitStack
from witkit.backends.connect import Choice
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
name, settings = sys.argv[1:]
messages = Openings(ExitStack()).open(CAPABILITIES["messaging"], Choice(name, json.loads(settings)))
token = messages.subscribe("broker", "orders", "workers")
print("ready", flush=True)
"""

WORK = """
from threading import Event, Thread
ended = Event()
Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.is_set():
    if (received := messages.receive(token, 0.2)) is not None:
        messages.acknowledge(token, received)
        print(received.message.decode(), flush=True)
messages.close()
"""

HOLD = """
received = messages.receive(token, 60)
print(received.message.decode(), flush=True)
time.sleep(60)
"""


def program(backend: Backend, script: str) -> subprocess.Popen[str]:
    """A process that has subscribed to the topic in the group `workers`, and runs the script."""
    settings = json.dumps(backend.settings, default=str)
    command = [sys.executable, "-c", OPEN + script, backend.name, settings]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def published(messages: Messages, count: int) -> list[str]:
    for number in range(count):
        messages.publish("broker", "orders", b"%d" % number)
    return [f"{number}" for number in range(count)]


def handled(workers: list[subprocess.Popen[str]], count: int) -> list[str]:
    """What the processes print until there are so many different lines, or none for a minute. Then they end."""
    lines, found = Queue[str](), list[str]()

    def read(worker: subprocess.Popen[str]) -> None:
        while printed := line(worker):
            lines.put(printed)

    readers = [Thread(target=read, args=[worker]) for worker in workers]
    for reader in readers:
        reader.start()
    with suppress(Empty):
        while len(set(found)) < count:
            found.append(lines.get(timeout=60))
    for worker, reader in zip(workers, readers, strict=True):
        assert worker.stdin
        worker.stdin.close()
        reader.join()
    return [*found, *lines.queue]


@pytest.fixture
def _promised(backend: Backend, request: pytest.FixtureRequest) -> None:
    promise = request.node.get_closest_marker("parametrize").args[1][0]
    if not backend.promises(promise):
        pytest.skip(f"not promised: {promise}")


@pytest.mark.usefixtures("_promised")
@pytest.mark.parametrize("promise", ["several processes"])
def test_many_processes_share_the_messages_of_a_group(backend: Backend, messages: Messages, promise: str) -> None:
    workers = [program(backend, WORK) for _ in range(crowd(8))]
    try:
        assert [line(worker) for worker in workers] == ["ready"] * len(workers)
        sent = published(messages, 20 * len(workers))
        received = handled(workers, len(sent))
        for worker in workers:
            assert worker.stderr
            assert (worker.stderr.read(), worker.wait(60)) == ("", 0)
    finally:
        for worker in workers:
            with worker:
                worker.kill()
    # On a busy machine a member may miss Kafka's deadline for its sign of life: what it holds goes to another one, too.
    seen = set(received) if backend.name == "kafka" else received
    assert sorted(seen) == sorted(sent)


@pytest.mark.usefixtures("_promised")
@pytest.mark.parametrize("promise", ["comes again after a crash"])
def test_what_a_killed_process_has_not_acknowledged_comes_again(backend: Backend, promise: str) -> None:
    hasty = Backend(backend.name, {**backend.settings, "again": 1})
    with program(hasty, HOLD) as victim, hasty.spoken() as messages:
        assert line(victim) == "ready"
        sent = published(messages, 3)
        held = line(victim)
        victim.kill()
        token = messages.subscribe("broker", "orders", "workers")
        found: dict[str, int] = {}
        end = time.monotonic() + 60
        while len(found) < 3 and time.monotonic() < end:
            if (received := messages.receive(token, 1)) is not None:
                found[received.message.decode()] = received.attempt
                messages.acknowledge(token, received)
    assert sorted(found) == sent
    assert found[held] >= 2


@pytest.mark.usefixtures("_promised")
@pytest.mark.parametrize("promise", ["attempts are counted over crashes"])
def test_a_message_that_ends_each_process_has_a_number_that_grows(backend: Backend, promise: str) -> None:
    hasty = Backend(backend.name, {**backend.settings, "again": 1})
    with hasty.spoken() as messages:
        messages.unsubscribe(messages.subscribe("broker", "orders", "workers"))
        published(messages, 1)
        for _ in range(3):
            with program(hasty, HOLD) as victim:
                assert [line(victim), line(victim)] == ["ready", "0"]
                victim.kill()
        token = messages.subscribe("broker", "orders", "workers")
        received = messages.receive(token, 60)
        assert received is not None
        messages.acknowledge(token, received)
    assert received.attempt == 4
