"""Messages that a broker for MQTT keeps for a group in which nobody is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.errors import soon
from tests.backends.messaging.backends import Backend
from tests.backends.messaging.test_faults import done
from tests.backends.messaging.test_promises import taken
from tests.services.names import new_name
from tests.services.private.mosquitto import PrivateMosquitto
from tests.services.proxy import Proxy, proxy
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.mqtt_client import NOBODY
from witkit.backends.messaging.protocol import Messages

pytestmark = pytest.mark.mosquitto

PUBACK = 0x40
"""The first byte of a broker's answer to a message."""
LATER = 0.5
"""Seconds without a message, after which none is on its way."""


@pytest.fixture
def server() -> Iterator[PrivateMosquitto]:
    with PrivateMosquitto() as running:
        yield running


@pytest.fixture
def backend(server: PrivateMosquitto) -> Backend:
    return Backend("mqtt", {"url": server.url, "prefix": new_name(), "timeout": 10})


def left(backend: Backend, *sent: bytes) -> None:
    """Messages that a program leaves for a group."""
    with backend.spoken() as messages:
        messages.keep("broker", "orders.dead", "workers")
        for message in sent:
            messages.publish("broker", "orders.dead", message)


def test_what_nobody_listens_to_is_kept_until_somebody_of_the_group_does(backend: Backend) -> None:
    sent = [b"%d" % number for number in range(50)]
    left(backend, *sent[:25])
    left(backend, *sent[25:])
    with backend.spoken() as messages:
        others = messages.subscribe("broker", "orders.dead", "others")
        token = messages.subscribe("broker", "orders.dead", "workers")
        assert [done(messages, token) for _ in sent] == sent
        messages.publish("broker", "orders.dead", b"more")
        assert [done(messages, each) for each in (token, others)] == [b"more"] * 2
        assert [messages.receive(each, LATER) for each in (token, others)] == [None, None]
    with backend.spoken() as messages:
        assert messages.receive(messages.subscribe("broker", "orders.dead", "workers"), LATER) is None


def test_what_was_not_acknowledged_is_kept_for_the_next_one(backend: Backend) -> None:
    left(backend, b"1", b"2", b"3")
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders.dead", "workers")
        assert done(messages, token) == b"1"
        assert taken(messages, token).message == b"2"
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders.dead", "workers")
        assert {done(messages, token) for _ in range(2)} == {b"2", b"3"}
        assert messages.receive(token, LATER) is None


def test_the_broker_keeps_it_while_it_is_away(server: PrivateMosquitto, backend: Backend) -> None:
    left(backend, b"tea")
    server.stop()
    server.start()
    with backend.spoken() as messages:
        token = soon(lambda: messages.subscribe("broker", "orders.dead", "workers"))
        assert done(messages, token) == b"tea"


def test_nothing_is_kept_while_the_group_listens(backend: Backend) -> None:
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders.dead", "workers")
        left(backend, b"tea")
        assert done(messages, token) == b"tea"
        assert messages.receive(token, LATER) is None
    with backend.spoken() as messages:
        assert messages.receive(messages.subscribe("broker", "orders.dead", "workers"), LATER) is None


def test_of_two_that_listen_the_second_gets_what_the_first_has_not(backend: Backend) -> None:
    left(backend, b"1", b"2")
    with backend.spoken() as first, backend.spoken() as second:
        one = first.subscribe("broker", "orders.dead", "workers")
        assert done(first, one) == b"1"
        two = second.subscribe("broker", "orders.dead", "workers")
        found = done(second, two)
        # The broker may not have heard that the first one is done with its message.
        assert (done(second, two) if found == b"1" else found) == b"2"
        assert second.receive(two, LATER) is None
        # It was given to the first one, which may not have heard yet that the second one has the session.
        late = first.receive(one, LATER)
        assert late is None or late.message == b"2"


class Silent(Proxy):
    """A broker that does not say that nobody listens: reason code 0 instead of 16 in its answers to messages."""

    def _answer(self, target: socket.socket, piece: bytes) -> None:
        waiting = self._begun.pop(target, b"") + piece
        while (packet := first_packet(waiting)) is not None:
            waiting = waiting[len(packet) :]
            if packet[0] == PUBACK and packet[4:5] == bytes([NOBODY]):
                packet = packet[:4] + b"\0" + packet[5:]
                self.silenced += 1
            super()._answer(target, packet)
        self._begun[target] = waiting

    def __init__(self, url: str) -> None:
        self._begun: dict[socket.socket, bytes] = {}
        self.silenced = 0
        super().__init__(url)


def first_packet(data: bytes) -> bytes | None:
    """The first packet of MQTT if all of it is there."""
    size = 0
    for place, byte in enumerate(data[1:5]):
        size |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return data[: place + 2 + size] if len(data) >= place + 2 + size else None
    return None


def test_a_broker_that_does_not_say_that_nobody_listens_keeps_it_too(server: PrivateMosquitto) -> None:
    silent = Silent(server.url)
    backend = Backend("mqtt", {"url": silent.url, "prefix": new_name(), "timeout": 10})
    with backend.spoken() as messages:
        messages.publish("broker", "elsewhere", b"lost")
        assert silent.silenced
    left(backend, b"1", b"2")
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders.dead", "workers")
        assert [done(messages, token) for _ in range(2)] == [b"1", b"2"]
        left(backend, b"3")
        assert done(messages, token) == b"3"
        assert messages.receive(token, LATER) is None
    silent.refuse()


def test_it_is_kept_for_the_group_even_if_others_listen(backend: Backend) -> None:
    with backend.spoken() as messages:
        others = messages.subscribe("broker", "orders.dead")
        left(backend, b"tea")
        assert done(messages, others) == b"tea"
        assert done(messages, messages.subscribe("broker", "orders.dead", "workers")) == b"tea"


def test_a_group_that_the_broker_has_forgotten_gets_what_comes_after_its_start(
    server: PrivateMosquitto, backend: Backend
) -> None:
    with backend.spoken() as messages:
        messages.subscribe("broker", "orders", "workers")
    server.stop()
    server.start()
    with backend.spoken() as messages:
        soon(lambda: messages.publish("broker", "orders", b"tea"))
        assert done(messages, messages.subscribe("broker", "orders", "workers")) == b"tea"


def test_a_member_gets_what_comes_before_it_is_connected_again(server: PrivateMosquitto, backend: Backend) -> None:
    with proxy(server.url) as between, backend.spoken(url=between.url) as messages, backend.spoken() as others:
        token = messages.subscribe("broker", "orders", "workers")
        between.refuse()
        server.stop()
        server.start()
        soon(lambda: others.publish("broker", "orders", b"1"))
        others.publish("broker", "orders", b"2")
        between.pass_on()
        # Each may come twice: if the answer of the broker was lost, or while the member takes over what was kept.
        received(messages, token, {b"1", b"2"})
        others.publish("broker", "orders", b"3")
        received(messages, token, {b"3"})


def received(messages: Messages, token: str, expected: set[bytes]) -> None:
    """Receive until all of these have come, and acknowledge each."""
    found = set[bytes]()
    while not found >= expected:
        found.add(done(messages, token))
    assert found <= {b"1", b"2", b"3"}


def test_a_message_that_the_broker_does_not_take_is_an_error(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.write_text("topic read #\n")
    rules.chmod(0o644)
    with PrivateMosquitto(settings={"acl_file": str(rules)}) as server:
        backend = Backend("mqtt", {"url": server.url, "prefix": new_name()})
        with backend.spoken() as messages, pytest.raises(Failure) as caught:
            messages.publish("broker", "orders", b"tea")
    assert caught.value.kind is Kind.DENIED
