"""What a broker for MQTT has dealt to a program that has ended goes to the others of its group, or to the next one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backends.messaging.backends import Backend, presences
from tests.backends.messaging.test_faults import done
from tests.backends.messaging.test_processes import line, program
from tests.services.names import new_name
from tests.services.private.mosquitto import PrivateMosquitto
from witkit.backends.messaging import mqtt_members
from witkit.backends.messaging.mqtt_client import GONE
from witkit.backends.messaging.protocol import Messages

pytestmark = pytest.mark.mosquitto

COUNT = 100
WAIT = """
time.sleep(60)
"""
PART = """
for _ in range(20):
    received = messages.receive(token, 60)
    messages.acknowledge(token, received)
messages.close()
"""


@pytest.fixture
def server() -> Iterator[PrivateMosquitto]:
    with PrivateMosquitto() as running:
        yield running


@pytest.fixture
def backend(server: PrivateMosquitto) -> Backend:
    return Backend("mqtt", {"url": server.url, "prefix": new_name(), "timeout": 10, "again": 1})


def published(messages: Messages, name: str) -> set[bytes]:
    sent = [f"{name} {number}".encode() for number in range(COUNT)]
    for message in sent:
        messages.publish("broker", "orders", message)
    return {*sent}


def handled(messages: Messages, token: str, count: int) -> set[bytes]:
    """The messages that come until there are so many different ones: one may come twice."""
    found: set[bytes] = set()
    while len(found) < count:
        found.add(done(messages, token))
    return found


def test_what_a_killed_member_was_dealt_goes_to_another_one(backend: Backend) -> None:
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        victim = program(backend, WAIT)
        assert line(victim) == "ready"
        before = published(messages, "before")
        victim.kill()
        victim.communicate()
        after = published(messages, "after")
        assert handled(messages, token, 2 * COUNT) == before | after


def test_what_a_member_leaves_when_it_ends_goes_to_another_one(backend: Backend) -> None:
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        leaving = program(backend, PART)
        assert line(leaving) == "ready"
        sent = published(messages, "orders")
        assert leaving.communicate(timeout=60) == ("", "")
        # It was done with 20 of its own.
        assert handled(messages, token, COUNT - 20) < sent


def test_a_group_in_which_nobody_is_collects_for_the_next_member(backend: Backend) -> None:
    with backend.spoken() as messages:
        messages.subscribe("broker", "orders", "workers")
    with backend.spoken() as messages:
        sent = published(messages, "orders")
    with backend.spoken() as messages:
        assert handled(messages, messages.subscribe("broker", "orders", "workers"), COUNT) == sent


def test_a_session_that_is_empty_ends(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise each start of a program would leave one, and the broker would deal messages to all of them."""
    monkeypatch.setattr(mqtt_members, "QUIET", 0.1)
    where = backend.settings["url"], backend.settings["prefix"]
    for _ in range(3):
        with backend.spoken() as messages:
            messages.subscribe("broker", "orders", "workers")
    assert {*presences(*where).values()} == {GONE}
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        while len(presences(*where)) > 1:
            messages.publish("broker", "orders", b"tea")
            assert done(messages, token) == b"tea"
        assert [*presences(*where).values()] == [b"here"]
