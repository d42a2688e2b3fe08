"""Messaging: what the backends promise."""

from __future__ import annotations

import gc
import itertools
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from witkit.interfaces.messaging import messaging as api
from witkit.text import WitkitError


@pytest.fixture
def messaging() -> Iterator[api.Messaging]:
    with opened("messaging", "memory", wait=0.01) as found:
        yield found


def test_a_subscription_gets_what_is_published_after_it_oldest_first(messaging: api.Messaging) -> None:
    pub, sub = messaging.Pub.open("broker"), messaging.Sub.open("broker")
    pub.publish(b"too early", "orders")
    token = sub.subscribe("orders")
    for number in range(3):
        pub.publish(b"%d" % number, "orders")
    assert [sub.receive(token) for _ in range(3)] == [b"0", b"1", b"2"]


def test_no_message_is_an_empty_list(messaging: api.Messaging) -> None:
    sub = messaging.Sub.open("broker")
    assert sub.receive(sub.subscribe("orders")) == b""


def test_every_subscription_gets_every_message_once(messaging: api.Messaging) -> None:
    pub, one, two = messaging.Pub.open("b"), messaging.Sub.open("b"), messaging.Sub.open("b")
    tokens = [(one, one.subscribe("orders")), (one, one.subscribe("orders")), (two, two.subscribe("orders"))]
    pub.publish(b"book", "orders")
    assert [sub.receive(token) for sub, token in tokens] == [b"book"] * 3
    assert [sub.receive(token) for sub, token in tokens] == [b""] * 3


@pytest.mark.parametrize("topic", ["", "orders/#", "*", "orders-", "../orders", "a\nb", "t" * 5000, "é"])
def test_topics_are_compared_whole(messaging: api.Messaging, topic: str) -> None:
    pub, sub = messaging.Pub.open("broker"), messaging.Sub.open("broker")
    token, other = sub.subscribe(topic), sub.subscribe("orders")
    pub.publish(b"book", topic)
    assert sub.receive(token) == b"book"
    assert sub.receive(other) == b""


def test_brokers_of_different_names_share_nothing(messaging: api.Messaging) -> None:
    sub = messaging.Sub.open("one")
    token = sub.subscribe("orders")
    messaging.Pub.open("two").publish(b"book", "orders")
    assert sub.receive(token) == b""


def test_every_byte_survives(messaging: api.Messaging) -> None:
    pub, sub = messaging.Pub.open("broker"), messaging.Sub.open("broker")
    token = sub.subscribe("orders")
    message = bytes(range(256)) * 100 + b"\n"
    pub.publish(message, "orders")
    assert sub.receive(token) == message


def test_an_empty_message_is_refused(messaging: api.Messaging) -> None:
    with fails_with(api.MessagingError_UnsupportedMessageFormat):
        messaging.Pub.open("broker").publish(b"", "orders")


def test_a_token_of_another_consumer_is_refused(messaging: api.Messaging) -> None:
    one, two = messaging.Sub.open("broker"), messaging.Sub.open("broker")
    token = one.subscribe("orders")
    with fails_with(api.MessagingError_QueueOrTopicNotFound) as payload:
        two.receive(token)
    assert payload == [token]


def bounded(**settings: int) -> AbstractContextManager[api.Messaging]:
    return opened("messaging", "memory", wait=0.01, **settings)


def test_a_full_subscription_fails_the_delivery_to_all() -> None:
    with bounded(messages=2) as messaging:
        fill_a_subscription(messaging)


def fill_a_subscription(messaging: api.Messaging) -> None:
    pub, slow, quick = messaging.Pub.open("b"), messaging.Sub.open("b"), messaging.Sub.open("b")
    slow_token, quick_token = slow.subscribe("orders"), quick.subscribe("orders")
    for message in (b"1", b"2"):
        pub.publish(message, "orders")
        quick.receive(quick_token)
    with fails_with(api.MessagingError_DeliveryFailed):
        pub.publish(b"3", "orders")
    assert quick.receive(quick_token) == b""
    assert slow.receive(slow_token) == b"1"
    pub.publish(b"4", "orders")
    assert quick.receive(quick_token) == b"4"


def test_a_subscription_ends_with_its_consumer() -> None:
    with bounded(messages=1, subscriptions=1, memory=1000) as messaging:
        pub, sub = messaging.Pub.open("broker"), messaging.Sub.open("broker")
        for _ in range(5):
            sub.subscribe("orders")
            pub.publish(bytes(300), "orders")
            sub = messaging.Sub.open("broker")
            gc.collect()
        token = sub.subscribe("orders")  # the only one, and all messages before it are gone
        pub.publish(b"new", "orders")
        assert sub.receive(token) == b"new"


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_all_messages_together_are_bounded_in_bytes(size: int) -> None:
    with bounded(memory=100_000) as messaging:
        pub, sub = messaging.Pub.open("broker"), messaging.Sub.open("broker")
        tokens = [sub.subscribe(topic) for topic in ("orders", "orders", "bills")]
        taken = 0
        with fails_with(api.MessagingError_DeliveryFailed):
            for number in itertools.count():
                pub.publish(bytes(size), ("orders", "bills")[number % 2])
                taken += size * (2 - number % 2)
        assert 0 < taken <= 100_000
        assert sub.receive(tokens[0]) == bytes(size)
        assert sub.receive(tokens[1]) == bytes(size)
        pub.publish(bytes(size), "orders")


def test_a_message_that_never_fits_is_payload_too_large() -> None:
    with bounded(memory=10_000) as messaging:
        with fails_with(api.MessagingError_PayloadTooLarge) as payload:
            messaging.Pub.open("broker").publish(bytes(10_000), "orders")
        assert payload == ["all messages together may have at most 10,000 bytes"]


def test_subscriptions_are_bounded() -> None:
    with bounded(subscriptions=3) as messaging:
        subs = [messaging.Sub.open(broker) for broker in ("one", "two")]
        for number in range(3):
            subs[number % 2].subscribe(f"topic {number}")
        with fails_with(api.MessagingError_ServiceUnavailable) as payload:
            subs[0].subscribe("orders")
        assert payload == ["there are already 3 subscriptions"]


def test_topics_are_bounded_in_bytes_and_brokers_take_none() -> None:
    with bounded(memory=100_000) as messaging:
        sub = messaging.Sub.open("broker")
        with fails_with(api.MessagingError_ServiceUnavailable):
            for number in range(1000):
                sub.subscribe(f"{number}" + "t" * 1000)
        for number in range(1000):  # A broker without subscriptions takes no room.
            messaging.Sub.open(f"{number}" + "b" * 1000)


@pytest.mark.parametrize("setting", ["messages", "subscriptions", "memory"])
@pytest.mark.parametrize("value", [0, -1, 1.5, "some", True, 1 << 63])
def test_a_bound_is_a_whole_number_above_0(setting: str, value: Any) -> None:
    with (
        pytest.raises(WitkitError, match=f"`{setting}` must be a whole number, at least 1"),
        bounded(**{setting: value}),
    ):
        pass


def test_receive_waits_for_a_message_of_another_thread() -> None:
    with opened("messaging", "memory", wait=60) as messaging:
        pub, sub = messaging.Pub.open("broker"), messaging.Sub.open("broker")
        token = sub.subscribe("orders")
        threading.Timer(0.05, pub.publish, (b"book", "orders")).start()
        assert sub.receive(token) == b"book"


def test_threads_lose_no_message(messaging: api.Messaging) -> None:
    sub = messaging.Sub.open("broker")
    token = sub.subscribe("orders")

    def publish(thread: int) -> None:
        pub = messaging.Pub.open("broker")
        for number in range(200):
            pub.publish(b"%d/%d" % (thread, number), "orders")

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = [sub.receive(token) for _ in range(800)]
    assert sorted(received) == sorted(b"%d/%d" % (t, n) for t in range(4) for n in range(200))
    for publisher in range(4):
        own = [message for message in received if message.startswith(b"%d/" % publisher)]
        assert own == [b"%d/%d" % (publisher, number) for number in range(200)]


def test_a_wrong_setting_is_refused() -> None:
    with pytest.raises(WitkitError) as caught, opened("messaging", "memory", wait=-1):
        pass
    assert [found.code for found in caught.value.diagnostics] == ["WIT0910"]
