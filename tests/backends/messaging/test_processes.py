"""Several processes share a group, and one of them dies."""

from __future__ import annotations

import json
import subprocess
import sys
import time

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

# Kafka hands nothing out while the members of a group change.
WORK = """
while (received := messages.receive(token, 15 if name == "kafka" else 3)) is not None:
    print(received.message.decode(), flush=True)
    messages.acknowledge(token, received)
messages.close()
"""

HOLD = """
received = messages.receive(token, 10)
print(received.message.decode(), flush=True)
time.sleep(60)
"""


def program(backend: Backend, script: str) -> subprocess.Popen[str]:
    """A process that has subscribed to the topic in the group `workers`, and runs the script."""
    settings = json.dumps(backend.settings, default=str)
    command = [sys.executable, "-c", OPEN + script, backend.name, settings]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def published(messages: Messages, count: int) -> list[str]:
    for number in range(count):
        messages.publish("broker", "orders", b"%d" % number)
    return [f"{number}" for number in range(count)]


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
        received = []
        for worker in workers:
            printed, complaints = worker.communicate(timeout=60)
            assert (worker.returncode, complaints) == (0, "")
            received += printed.split()
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
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
        end = time.monotonic() + 20
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
            with program(hasty, HOLD.replace("10", "30")) as victim:
                assert [line(victim), line(victim)] == ["ready", "0"]
                victim.kill()
        token = messages.subscribe("broker", "orders", "workers")
        received = messages.receive(token, 30)
        assert received is not None
        messages.acknowledge(token, received)
    assert received.attempt == 4
