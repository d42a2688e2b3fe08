"""The messages of this process: what takes room, and for how long."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from witkit.backends.connect import Choice
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES


@pytest.fixture
def messages() -> Iterator[Messages]:
    with ExitStack() as stack:
        settings = {"messages": 3, "memory": 100_000}
        found: Any = Openings(stack).open(CAPABILITIES["messaging"], Choice("memory", settings))
        yield found


def taken(messages: Messages, token: str) -> Received:
    received = messages.receive(token, 0)
    assert received is not None
    return received


def test_a_message_is_given_out_once(messages: Messages) -> None:
    token = messages.subscribe("broker", "orders")
    messages.publish("broker", "orders", b"tea")
    received = taken(messages, token)
    assert (received.topic, received.message) == ("orders", b"tea")
    assert messages.receive(token, 0) is None
    messages.acknowledge(token, received)
    assert messages.receive(token, 0) is None


def test_a_message_that_is_given_back_comes_before_all_that_wait(messages: Messages) -> None:
    token = messages.subscribe("broker", "orders")
    for message in (b"1", b"2"):
        messages.publish("broker", "orders", message)
    received = taken(messages, token)
    messages.give_back(token, received)
    messages.give_back(token, received)
    assert [taken(messages, token).message for _ in range(2)] == [b"1", b"2"]
    assert messages.receive(token, 0) is None


def test_a_message_that_was_acknowledged_cannot_be_given_back(messages: Messages) -> None:
    token = messages.subscribe("broker", "orders")
    messages.publish("broker", "orders", b"1")
    received = taken(messages, token)
    for _ in range(2):
        messages.acknowledge(token, received)
        messages.give_back(token, received)
    assert messages.receive(token, 0) is None


def test_a_message_takes_room_until_it_is_acknowledged(messages: Messages) -> None:
    token = messages.subscribe("broker", "orders")
    for _ in range(3):
        messages.publish("broker", "orders", bytes(20_000))
    received = [taken(messages, token) for _ in range(3)]
    with pytest.raises(Failure, match="already holds 3 messages") as caught:
        messages.publish("broker", "orders", b"4")
    assert caught.value.kind is Kind.FULL
    messages.acknowledge(token, received[0])
    with pytest.raises(Failure, match="its memory of 100,000 bytes is full"):
        messages.publish("broker", "orders", bytes(60_000))
    messages.acknowledge(token, received[1])
    messages.publish("broker", "orders", bytes(60_000))


def test_a_subscription_that_ends_gives_all_room_back(messages: Messages) -> None:
    for _ in range(10):
        token = messages.subscribe("broker", "orders")
        for _ in range(2):
            messages.publish("broker", "orders", bytes(30_000))
        received = taken(messages, token)
        messages.unsubscribe(token)
        messages.unsubscribe(token)
        messages.acknowledge(token, received)
        with pytest.raises(Failure) as caught:
            messages.receive(token, 0)
        assert caught.value.kind is Kind.MISSING


@pytest.mark.parametrize("names", [*itertools.permutations(["", "a", "a/b", "b"], 2)])
def test_brokers_and_topics_do_not_mix(messages: Messages, names: tuple[str, str]) -> None:
    token = messages.subscribe(*names)
    messages.publish(names[1], names[0], b"1")
    messages.publish("/".join(names), "", b"2")
    assert messages.receive(token, 0) is None


def test_tokens_cannot_be_guessed(messages: Messages) -> None:
    tokens = {messages.subscribe("broker", "orders") for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 16 for token in tokens)
