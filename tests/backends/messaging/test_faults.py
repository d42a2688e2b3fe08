"""What networks and servers do to messages: stop, freeze, refuse, cut off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Timer
from typing import Any

import pytest

from tests.backends.errors import AWAY, fails, soon
from tests.backends.messaging.backends import SERVERS, Backend, backend_of
from tests.services.kafka import MockKafka, mock_kafka
from tests.services.names import new_name
from tests.services.private.mosquitto import PrivateMosquitto
from tests.services.private.nats import PrivateNats
from tests.services.private.rabbitmq import PrivateRabbitmq
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PASSWORD, PrivateServer
from tests.services.proxy import proxy
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.kafka_reader import KafkaReader
from witkit.backends.messaging.protocol import Messages
from witkit.text import WitkitError

LONG = 30.0
"""Seconds within which a failure comes, also on a busy machine."""

PRIVATE: dict[str, Callable[[], PrivateServer]] = {
    # Not with a user: if the default one has no rights, Redis 7.0 forgets transactions when it starts.
    "redis": lambda: PrivateRedis(password=PASSWORD),
    "nats": lambda: PrivateNats(password=PASSWORD),
    "rabbitmq": PrivateRabbitmq,
    "mqtt": lambda: PrivateMosquitto(password=PASSWORD),
}
"""A server that wants a password, for each backend."""

OWN: dict[str, Callable[[], dict[str, Any]]] = {
    "redis": lambda: {"prefix": new_name(), "again": 2},
    "nats": lambda: {"stream": new_name(), "again": 2},
    "rabbitmq": lambda: {"prefix": new_name()},
    "mqtt": lambda: {"prefix": new_name()},
}
"""The settings that keep a test's messages apart, and let those that were not acknowledged come again soon."""


@pytest.fixture(scope="module", params=[pytest.param(name, marks=getattr(pytest.mark, SERVERS[name])) for name in OWN])
def kept(request: pytest.FixtureRequest) -> Iterator[tuple[str, PrivateServer]]:
    """A backend and its server. A test leaves it running."""
    with PRIVATE[request.param]() as running:
        yield request.param, running


@pytest.fixture
def server(kept: tuple[str, PrivateServer]) -> PrivateServer:
    return kept[1]


@pytest.fixture
def backend(kept: tuple[str, PrivateServer]) -> Backend:
    name, server = kept
    return Backend(name, {"url": server.url, "timeout": 10, **OWN[name]()})


def done(messages: Messages, token: str) -> bytes:
    """The next message that can be received and acknowledged."""

    def one() -> bytes:
        received = messages.receive(token, 60)
        assert received is not None
        messages.acknowledge(token, received)
        return received.message

    return soon(one)


def handled(messages: Messages, token: str) -> set[bytes]:
    """The messages that come until all from 1 to 10 have come: some may come twice, and later than others."""
    found = set[bytes]()
    while not found >= {b"%d" % number for number in range(1, 11)}:
        found.add(done(messages, token))
    return found


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_no_acknowledged_message_is_lost_when_the_server_is_away(
    server: PrivateServer, backend: Backend, end: str
) -> None:
    if isinstance(server, PrivateMosquitto) and end == "kill":
        pytest.skip("Mosquitto writes to its disk from time to time only")
    if isinstance(server, PrivateRabbitmq) and end == "kill":
        pytest.skip("a new quorum queue of RabbitMQ 3.10 has no leader after it was killed")
    with backend.spoken() as messages:
        # Mosquitto forgets its groups when it ends, until their clients are back.
        token = messages.subscribe("broker", "orders", None if backend.name == "mqtt" else "workers")
        for number in range(10):
            messages.publish("broker", "orders", b"%d" % number)
        assert done(messages, token) == b"0"
        server.stop() if end == "stop" else server.kill()
        try:
            with fails(*AWAY):
                messages.publish("broker", "orders", b"lost")
            # A broker for MQTT has sent its messages to the client already.
            with suppress(Failure) if backend.name == "mqtt" else fails(*AWAY):
                messages.receive(token, 0.1)
        finally:
            server.start()
        soon(lambda: messages.publish("broker", "orders", b"10"))
        assert b"lost" not in handled(messages, token)


def test_a_frozen_server_is_a_timeout(server: PrivateServer, backend: Backend) -> None:
    with backend.spoken(timeout=3) as messages:
        token = soon(lambda: messages.subscribe("broker", "orders", "workers"))
        server.freeze()
        try:
            began = time.monotonic()
            with fails(*AWAY):
                messages.publish("broker", "orders", b"tea")
            assert time.monotonic() - began < LONG
        finally:
            server.thaw()
        soon(lambda: messages.publish("broker", "orders", b"milk"))
        assert done(messages, token) in (b"tea", b"milk")


def test_wrong_credentials_are_reported_without_them(server: PrivateServer, backend: Backend) -> None:
    wrong = server.url_as(server.user or "default", "n0t-the-s3cret")
    with pytest.raises(WitkitError, match="refuses the credentials") as caught, backend.opened(url=wrong):
        pass
    assert "n0t-the-s3cret" not in str(caught.value)


def test_a_server_that_does_not_run_is_reported_at_once(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between:
        between.refuse()
        began = time.monotonic()
        refused = {"url": between.url, "timeout": 10 * LONG}
        with pytest.raises(WitkitError, match="there is no connection") as caught, backend.opened(**refused):
            pass
    assert time.monotonic() - began < LONG
    assert PASSWORD not in str(caught.value)


def test_a_message_whose_answer_is_cut_off_comes_again(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, backend.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea" * 1000)
        assert messages.receive(token, 60) is not None
        between.cut()
        received = soon(lambda: messages.receive(token, 60))
        assert received is not None
        assert (received.message, received.attempt) == (b"tea" * 1000, 2)


def test_publishing_works_after_the_connection_was_cut(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, backend.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        between.cut()
        soon(lambda: messages.publish("broker", "orders", b"tea"))
        assert done(messages, token) == b"tea"


@pytest.fixture
def rabbitmq(request: pytest.FixtureRequest) -> Backend:
    return backend_of("rabbitmq", request)


@pytest.mark.rabbitmq
def test_a_rabbitmq_that_falls_silent_is_a_timeout(rabbitmq: Backend) -> None:
    with proxy(rabbitmq.settings["url"]) as between, rabbitmq.spoken(url=between.url, timeout=3) as messages:
        token = messages.subscribe("broker", "orders")
        between.swallow()
        between.cut()
        began = time.monotonic()
        with fails(*AWAY):
            messages.publish("broker", "orders", b"tea")
        assert time.monotonic() - began < LONG
        between.cut()
        between.pass_on()
        soon(lambda: messages.publish("broker", "orders", b"tea"))
        assert done(messages, token) == b"tea"


@pytest.mark.rabbitmq
def test_what_was_received_from_rabbitmq_over_a_lost_connection_comes_again(rabbitmq: Backend) -> None:
    with proxy(rabbitmq.settings["url"]) as between, rabbitmq.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders")
        messages.publish("broker", "orders", b"tea")
        received = messages.receive(token, 60)
        assert received is not None
        between.cut()
        again = soon(lambda: messages.receive(token, 60))
        assert again is not None
        assert (again.message, again.attempt) == (b"tea", 2)
        messages.acknowledge(token, received)
        messages.acknowledge(token, again)


@pytest.fixture
def mqtt(request: pytest.FixtureRequest) -> Backend:
    return backend_of("mqtt", request)


@pytest.mark.mosquitto
def test_what_was_received_over_mqtt_comes_again_over_a_new_connection(mqtt: Backend) -> None:
    with proxy(mqtt.settings["url"]) as between, mqtt.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders")
        messages.publish("broker", "orders", b"tea")
        assert messages.receive(token, 60) is not None
        between.cut()
        again = soon(lambda: messages.receive(token, 60))
        assert again is not None
        assert (again.message, again.attempt) == (b"tea", 2)
        messages.acknowledge(token, again)


@pytest.mark.mosquitto
def test_a_broker_for_mqtt_that_falls_silent_is_a_timeout(mqtt: Backend) -> None:
    with proxy(mqtt.settings["url"]) as between, mqtt.spoken(url=between.url, timeout=3) as messages:
        between.swallow()
        between.cut()
        began = time.monotonic()
        with fails(*AWAY):
            messages.publish("broker", "orders", b"tea")
        with fails(*AWAY):
            messages.subscribe("broker", "orders")
        assert time.monotonic() - began < LONG
        between.cut()
        between.pass_on()
        token = soon(lambda: messages.subscribe("broker", "orders"))
        messages.publish("broker", "orders", b"tea")
        assert done(messages, token) == b"tea"


@pytest.mark.rabbitmq
def test_a_rabbitmq_without_memory_refuses_messages_in_time_and_takes_them_afterwards() -> None:
    with PrivateRabbitmq() as server:
        backend = Backend("rabbitmq", {"url": server.url, "timeout": 2, "prefix": new_name()})
        with backend.spoken() as messages:
            token = soon(lambda: messages.subscribe("broker", "orders"))
            server.alarm(True)
            with fails(*AWAY, Kind.FULL):
                messages.publish("broker", "orders", b"tea")
            server.alarm(False)
            soon(lambda: messages.publish("broker", "orders", b"milk"))
            assert done(messages, token) in (b"tea", b"milk")


@pytest.mark.mosquitto
def test_a_group_goes_on_after_mosquitto_was_started_again() -> None:
    """Mosquitto keeps the session, but not that it is in a group."""
    with PrivateMosquitto() as server:
        backend = Backend("mqtt", {"url": server.url, "prefix": new_name()})
        with backend.spoken() as messages:
            token = messages.subscribe("broker", "orders", "workers")
            server.stop()
            server.start()
            end = time.monotonic() + 60
            received = None
            while received is None and time.monotonic() < end:
                soon(lambda: messages.publish("broker", "orders", b"tea"))
                with suppress(Failure):
                    received = messages.receive(token, 1)
            assert received is not None


@pytest.fixture(scope="module")
def cluster() -> Iterator[MockKafka]:
    """A Kafka of this module's own. A test leaves it running."""
    with mock_kafka() as found:
        yield found


@pytest.fixture
def kafka(cluster: MockKafka) -> Backend:
    return Backend("kafka", {"url": cluster.url, "prefix": new_name(), "session": 3})


@pytest.mark.kafka
def test_no_acknowledged_message_is_lost_when_kafka_is_away(cluster: MockKafka, kafka: Backend) -> None:
    with kafka.spoken(timeout=5) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        for number in range(10):
            messages.publish("broker", "orders", b"%d" % number)
        assert done(messages, token) == b"0"
        cluster.down()
        try:
            with fails(*AWAY):
                messages.publish("broker", "orders", b"lost")
            with fails(*AWAY):
                messages.check()
        finally:
            cluster.up()
        soon(lambda: messages.publish("broker", "orders", b"10"))
        handled(messages, token)


@pytest.mark.kafka
def test_receiving_says_that_kafka_is_away(cluster: MockKafka, kafka: Backend) -> None:
    with kafka.spoken(timeout=5) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea")
        assert done(messages, token) == b"tea"
        cluster.down()
        try:
            end = time.monotonic() + 60
            with fails(*AWAY):
                while time.monotonic() < end:
                    messages.receive(token, 0.1)
        finally:
            cluster.up()
        soon(lambda: messages.publish("broker", "orders", b"milk"))
        assert done(messages, token) == b"milk"


@pytest.mark.kafka
def test_a_kafka_that_does_not_answer_is_a_timeout(cluster: MockKafka, kafka: Backend) -> None:
    with kafka.spoken(timeout=3) as messages:
        soon(lambda: messages.publish("broker", "orders", b"nobody hears it"))
        cluster.answer_after(120_000)
        try:
            began = time.monotonic()
            with fails(*AWAY):
                messages.publish("broker", "orders", b"tea")
            assert time.monotonic() - began < LONG
        finally:
            cluster.answer_after(0)


@pytest.mark.kafka
def test_a_kafka_that_is_slow_to_say_where_a_group_is_keeps_no_message_back(
    cluster: MockKafka, kafka: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assigned, is_slow = KafkaReader._assigned, Event()

    def slowly(reader: KafkaReader, consumer: Any, places: list[Any]) -> None:
        if places and not is_slow.is_set():
            is_slow.set()
            monkeypatch.setattr(reader._server, "timeout", 0.5)
            cluster.answer_after(1000)
            Timer(1.5, cluster.answer_after, (0,)).start()
        assigned(reader, consumer, places)

    monkeypatch.setattr(KafkaReader, "_assigned", slowly)
    with kafka.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        assert is_slow.wait(60)
        soon(lambda: messages.publish("broker", "orders", b"tea"))
        assert done(messages, token) == b"tea"


@pytest.mark.kafka
def test_a_kafka_that_refuses_once_what_a_host_reports_keeps_no_message_back(
    kafka: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    from confluent_kafka import KafkaError, KafkaException

    commit, refused = KafkaReader._commit, Event()

    def refuse_once(reader: KafkaReader, *given: Any) -> None:
        if reader._progress and any(each.attempts for each in reader._progress.values()) and not refused.is_set():
            refused.set()
            raise KafkaException(KafkaError(KafkaError.REQUEST_TIMED_OUT))
        commit(reader, *given)

    monkeypatch.setattr(KafkaReader, "_commit", refuse_once)
    with kafka.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea")
        assert refused.wait(60)
        assert done(messages, token) == b"tea"


@pytest.mark.kafka
def test_a_kafka_that_does_not_run_is_reported_at_once(cluster: MockKafka, kafka: Backend) -> None:
    with proxy(cluster.url) as between:
        between.refuse()
        began = time.monotonic()
        refused = {"url": between.url, "timeout": 10 * LONG}
        with pytest.raises(WitkitError, match="there is no connection"), kafka.opened(**refused):
            pass
    assert time.monotonic() - began < LONG


@pytest.mark.kafka
def test_the_password_of_kafka_is_in_no_message(cluster: MockKafka, kafka: Backend) -> None:
    wrong = cluster.url.replace("://", "://shop:n0t-the-s3cret@")
    with pytest.raises(WitkitError) as caught, kafka.opened(url=wrong, timeout=1):
        pass
    assert "n0t-the-s3cret" not in str(caught.value)


@pytest.mark.kafka
def test_what_was_given_out_to_another_process_is_counted(kafka: Backend) -> None:
    """What Kafka keeps beside the offset: what is done is not received again, although an earlier message is."""
    with kafka.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        for number in range(4):
            messages.publish("broker", "orders", b"%d" % number)
        received = [messages.receive(token, 60) for _ in range(3)]
        assert received[1] is not None
        messages.acknowledge(token, received[1])
    with kafka.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        again = [messages.receive(token, 60) for _ in range(3)]
        assert [(each.message, each.attempt) for each in again if each] == [(b"0", 2), (b"2", 2), (b"3", 1)]


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "redis://127.0.0.1:9092"}, "not the URL of a Kafka cluster"),
        ({"url": "127.0.0.1:9092"}, "not the URL of a Kafka cluster"),
        ({"url": "kafka://host:port"}, "not the URL of a Kafka cluster"),
        ({"url": "kafka://"}, "not the URL of a Kafka cluster"),
        ({"mechanism": "none"}, "`mechanism` must be one of PLAIN"),
        ({"prefix": "a.b"}, "`prefix` must be at most 60 letters"),
        ({"session": 0}, "`session` must be a number of seconds, more than 0"),
    ],
)
def test_wrong_settings_of_kafka_are_refused(kafka: Backend, settings: dict[str, str], said: str) -> None:
    with pytest.raises(WitkitError, match=said), kafka.opened(**settings):
        pass
