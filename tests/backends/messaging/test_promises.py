"""What the table in docs/capabilities/messaging.md promises for each backend."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from tests.backends.messaging.backends import Backend, promised
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.table import CAPABILITIES

LONG = 60.0
"""Seconds within which a message comes that is on its way, also on a busy machine."""

SHORT = 0.05
"""Seconds without a message, after which none is on its way."""

NAMES = ["", "a", "a/b", "a.b", "b", "#", "+", "*", ">", "a:b", "%3A", "=2F", "é", "\0", "$share/a/b", "t" * 5000]


def taken(messages: Messages, token: str) -> Received:
    received = messages.receive(token, LONG)
    assert received is not None
    return received


def done(messages: Messages, token: str) -> bytes:
    """The next message, which is acknowledged."""
    received = taken(messages, token)
    messages.acknowledge(token, received)
    return received.message


def promising(promise: str) -> pytest.MarkDecorator:
    """Run the test for backends that promise it. The others are known by the table."""
    return pytest.mark.parametrize("promise", [promise])


@pytest.fixture(autouse=True)
def _promise(request: pytest.FixtureRequest) -> None:
    promise = getattr(request.node, "callspec", None) and request.node.callspec.params.get("promise")
    if promise and not request.getfixturevalue("backend").promises(promise):
        pytest.skip(f"not promised: {promise}")


def test_the_table_has_a_word_forevery_backend() -> None:
    for cells in promised().values():
        assert list(cells) == list(CAPABILITIES["messaging"].backends)
        assert all(cells.values())


@promising("oldest first")
def test_messages_come_in_the_order_of_publishing(messages: Messages, promise: str) -> None:
    token = messages.subscribe("broker", "orders")
    for number in range(50):
        messages.publish("broker", "orders", b"%d" % number)
    assert [done(messages, token) for _ in range(50)] == [b"%d" % number for number in range(50)]


@promising("every byte")
@pytest.mark.parametrize("message", [bytes(range(256)) * 100 + b"\n", b"\0", b"\xff", b"\n" * 3])
def test_every_byte_survives(messages: Messages, message: bytes, promise: str) -> None:
    token = messages.subscribe("broker", "orders")
    messages.publish("broker", "orders", message)
    assert done(messages, token) == message


@promising("any text names a topic")
def test_topics_and_brokers_of_any_text_do_not_mix(messages: Messages, promise: str) -> None:
    tokens = {topic: messages.subscribe("a", topic) for topic in NAMES}
    others = {broker: messages.subscribe(broker, "a") for broker in NAMES if broker != "a"}
    for name in NAMES:
        messages.publish("a", name, name.encode() or b"none")
    for name in others:
        messages.publish(name, "a", b"to the broker " + name.encode())
    assert {name: done(messages, token) for name, token in tokens.items()} == {n: n.encode() or b"none" for n in NAMES}
    for name, token in others.items():
        assert done(messages, token) == b"to the broker " + name.encode()
    assert {messages.receive(token, 0) for token in [*tokens.values(), *others.values()]} == {None}


@promising("every subscription gets a copy")
def test_every_subscription_gets_every_message(messages: Messages, promise: str) -> None:
    tokens = [messages.subscribe("broker", "orders") for _ in range(3)]
    messages.publish("broker", "orders", b"tea")
    assert [done(messages, token) for token in tokens] == [b"tea"] * 3
    assert messages.receive(tokens[0], SHORT) is None


@promising("groups share messages")
def test_each_message_goes_to_one_subscription_of_a_group(messages: Messages, promise: str) -> None:
    tokens = [messages.subscribe("broker", "orders", "workers") for _ in range(2)]
    others = messages.subscribe("broker", "orders", "others")
    for number in range(10):
        messages.publish("broker", "orders", b"%d" % number)
    assert sorted(done(messages, others) for _ in range(10)) == [b"%d" % number for number in range(10)]
    found: list[bytes] = []
    end = time.monotonic() + LONG
    for token in itertools.cycle(tokens):
        if (received := messages.receive(token, SHORT)) is not None:
            messages.acknowledge(token, received)
            found.append(received.message)
        if len(found) == 10 or time.monotonic() > end:
            break
    assert sorted(found) == [b"%d" % number for number in range(10)]


@promising("a group keeps messages for later")
def test_a_group_keeps_its_messages_while_nobody_subscribes(messages: Messages, promise: str) -> None:
    messages.unsubscribe(messages.subscribe("broker", "orders", "workers"))
    messages.publish("broker", "orders", b"tea")
    assert done(messages, messages.subscribe("broker", "orders", "workers")) == b"tea"


@promising("a group keeps messages for later")
def test_a_group_that_is_at_work_keeps_messages_of_another_topic_too(backend: Backend, promise: str) -> None:
    with backend.spoken() as messages, backend.spoken() as another:
        others = another if backend.promises("several processes") else messages
        working = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"1")
        assert done(messages, working) == b"1"
        messages.unsubscribe(messages.subscribe("broker", "orders.dead", "workers"))
        messages.publish("broker", "orders.dead", b"tea")
        assert done(others, others.subscribe("broker", "orders.dead", "workers")) == b"tea"


@promising("survives the program")
def test_messages_for_a_group_survive_the_program(backend: Backend, promise: str) -> None:
    with backend.spoken() as messages:
        messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea")
        messages.publish("broker", "orders", b"milk")
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        assert [done(messages, token) for _ in range(2)] == [b"tea", b"milk"]


@promising("given back")
def test_a_message_that_is_given_back_comes_again(messages: Messages, promise: str) -> None:
    token = messages.subscribe("broker", "orders", "workers")
    messages.publish("broker", "orders", b"1")
    for attempt in (1, 2, 3):
        received = taken(messages, token)
        assert (received.message, received.attempt) == (b"1", attempt)
        messages.give_back(token, received)
        messages.give_back(token, received)
    assert done(messages, token) == b"1"
    assert messages.receive(token, SHORT) is None


@promising("given back before those that wait")
def test_a_message_that_is_given_back_comes_before_those_that_wait(messages: Messages, promise: str) -> None:
    token = messages.subscribe("broker", "orders", "workers")
    for message in (b"1", b"2"):
        messages.publish("broker", "orders", message)
    for _ in range(3):
        received = taken(messages, token)
        assert received.message == b"1"
        messages.give_back(token, received)
    assert [done(messages, token) for _ in range(2)] == [b"1", b"2"]


@promising("given back with a delay")
def test_a_message_can_be_given_back_for_later(messages: Messages, promise: str) -> None:
    token = messages.subscribe("broker", "orders", "workers")
    for message in (b"1", b"2"):
        messages.publish("broker", "orders", message)
    first = taken(messages, token)
    began = time.monotonic()
    messages.give_back(token, first, 2)
    found = dict[bytes, tuple[int, float]]()
    for _ in range(2):
        received = taken(messages, token)
        found[received.message] = received.attempt, time.monotonic() - began
        messages.acknowledge(token, received)
    assert {message: attempt for message, (attempt, _) in found.items()} == {b"1": 2, b"2": 1}
    assert found[b"1"][1] > 1.9
    # On a busy machine, both may be due before anybody asks for one.
    assert [*found] == [b"2", b"1"] or found[b"2"][1] > 1.9


@promising("comes again without acknowledgement")
@pytest.mark.parametrize("group", ["workers", None])
def test_a_message_without_acknowledgement_comes_again(backend: Backend, group: str | None, promise: str) -> None:
    with backend.spoken(again=0.5) as messages:
        token = messages.subscribe("broker", "orders", group)
        began = time.monotonic()
        messages.publish("broker", "orders", b"tea")
        assert taken(messages, token).attempt == 1
        again = taken(messages, token)
        assert (again.message, again.attempt) == (b"tea", 2)
        assert time.monotonic() - began > 0.45


def stays_away(messages: Messages, token: str, again: float) -> bool:
    """Whether the next message does not come again once it is acknowledged: it does if that was too late."""
    received = taken(messages, token)
    messages.acknowledge(token, received)
    messages.acknowledge(token, received)
    messages.give_back(token, received)
    back = messages.receive(token, again + 0.2)
    if back is not None:
        messages.give_back(token, back)
    return back is None


def test_a_message_that_was_acknowledged_is_gone(backend: Backend) -> None:
    with backend.spoken(again=0.3) as messages:
        token = messages.subscribe("broker", "orders")
        messages.publish("broker", "orders", b"1")
        assert any(stays_away(messages, token, 0.3) for _ in range(10))


def test_nothing_is_received_of_what_was_published_before(messages: Messages) -> None:
    messages.publish("broker", "orders", b"early")
    token = messages.subscribe("broker", "orders")
    messages.publish("broker", "orders", b"late")
    assert done(messages, token) == b"late"


@pytest.mark.parametrize("ending", ["close", "unsubscribe"])
def test_the_end_ends_the_waiting(messages: Messages, ending: str) -> None:
    token = messages.subscribe("broker", "orders")
    end = messages.close if ending == "close" else lambda: messages.unsubscribe(token)
    threading.Timer(0.1, end).start()
    with pytest.raises(Failure) as caught:
        messages.receive(token, LONG)
    assert caught.value.kind is (Kind.CLOSED if ending == "close" else Kind.MISSING)


def test_threads_share_a_backend(messages: Messages) -> None:
    token = messages.subscribe("broker", "orders", "workers")
    found: list[bytes] = []
    end = time.monotonic() + LONG

    def receive() -> None:
        while len(found) < 60 and time.monotonic() < end:
            if (received := messages.receive(token, 0.2)) is not None:
                found.append(received.message)
                messages.acknowledge(token, received)

    threads = [threading.Thread(target=receive) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(60):
        messages.publish("broker", "orders", b"%d" % number)
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(b"%d" % number for number in range(60))


def test_the_largest_message_arrives_and_one_byte_more_is_refused(backend: Backend) -> None:
    with backend.opened() as messaging, backend.spoken() as messages:
        most = messages.limits.value
        if most is None:
            pytest.skip("no limit is declared")
        token = messages.subscribe("broker", "orders")
        messages.publish("broker", "orders", bytes(most))
        assert len(done(messages, token)) == most
        with pytest.raises(Exception, match="the limit is"):
            messaging.Pub.open("broker").publish(bytes(most + 1), "orders")
