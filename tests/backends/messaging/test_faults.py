"""What networks and servers do to messages: stop, freeze, refuse, cut off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from tests.backends.messaging.backends import Backend, backend_of
from tests.services.kafka import MockKafka, mock_kafka
from tests.services.names import new_name
from tests.services.private.nats import PrivateNats
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PASSWORD, PrivateServer
from tests.services.proxy import proxy
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.protocol import Messages
from witkit.text import WitkitError

T = TypeVar("T")

AWAY = {Kind.UNREACHABLE, Kind.TIMEOUT}
PLACES = {"redis": "prefix", "nats": "stream"}
"""The setting that keeps a test's messages apart."""


@pytest.fixture(scope="module", params=[pytest.param(name, marks=getattr(pytest.mark, name)) for name in PLACES])
def server(request: pytest.FixtureRequest) -> Iterator[PrivateServer]:
    """A server that wants a password. A test leaves it running."""
    # Not with a user: if the default one has no rights, Redis 7.0 forgets transactions when it starts.
    with PrivateRedis(password=PASSWORD) if request.param == "redis" else PrivateNats(password=PASSWORD) as running:
        yield running


@pytest.fixture
def backend(server: PrivateServer) -> Backend:
    settings = {"url": server.url, "timeout": 10, "again": 2, PLACES[server.scheme]: new_name()}
    return Backend(server.scheme, settings)


@contextmanager
def fails(*kinds: Kind) -> Iterator[None]:
    with pytest.raises(Failure) as caught:
        yield
    assert caught.value.kind in kinds, (caught.value.kind, caught.value.detail)
    assert "127.0.0.1" not in caught.value.message


def soon(call: Callable[[], T], seconds: float = 20) -> T:
    """What a call gives as soon as the server is back."""
    end = time.monotonic() + seconds
    while True:
        try:
            return call()
        except Failure as failure:
            if time.monotonic() > end or failure.kind not in AWAY:
                raise
            time.sleep(0.05)


def done(messages: Messages, token: str) -> bytes:
    received = soon(lambda: messages.receive(token, 10))
    assert received is not None
    messages.acknowledge(token, received)
    return received.message


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_no_acknowledged_message_is_lost_when_the_server_is_away(
    server: PrivateServer, backend: Backend, end: str
) -> None:
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        for number in range(10):
            messages.publish("broker", "orders", b"%d" % number)
        assert done(messages, token) == b"0"
        server.stop() if end == "stop" else server.kill()
        try:
            with fails(*AWAY):
                messages.publish("broker", "orders", b"lost")
            with fails(*AWAY):
                messages.receive(token, 0.1)
        finally:
            server.start()
        soon(messages.check)
        messages.publish("broker", "orders", b"10")
        assert [done(messages, token) for _ in range(10)] == [b"%d" % number for number in range(1, 11)]


def test_a_frozen_server_is_a_timeout(server: PrivateServer, backend: Backend) -> None:
    with backend.spoken(timeout=0.5) as messages:
        token = soon(lambda: messages.subscribe("broker", "orders", "workers"))
        server.freeze()
        try:
            began = time.monotonic()
            with fails(*AWAY):
                messages.publish("broker", "orders", b"tea")
            assert time.monotonic() - began < 4
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
        with pytest.raises(WitkitError, match="there is no connection") as caught, backend.opened(url=between.url):
            pass
    assert time.monotonic() - began < 5
    assert PASSWORD not in str(caught.value)


def test_a_message_whose_answer_is_cut_off_comes_again(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, backend.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea" * 1000)
        assert messages.receive(token, 0) is not None
        between.cut()
        received = soon(lambda: messages.receive(token, 10))
        assert received is not None
        assert (received.message, received.attempt) == (b"tea" * 1000, 2)


def test_publishing_works_after_the_connection_was_cut(backend: Backend) -> None:
    with proxy(backend.settings["url"]) as between, backend.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        between.cut()
        time.sleep(0.1)
        soon(lambda: messages.publish("broker", "orders", b"tea"))
        assert done(messages, token) == b"tea"


@pytest.fixture
def rabbitmq(request: pytest.FixtureRequest) -> Backend:
    return backend_of("rabbitmq", request)


@pytest.mark.rabbitmq
def test_wrong_credentials_of_rabbitmq_are_reported_without_them(rabbitmq: Backend) -> None:
    wrong = rabbitmq.settings["url"].replace("guest:guest", "guest:n0t-the-s3cret")
    with pytest.raises(WitkitError, match="refuses the credentials") as caught, rabbitmq.opened(url=wrong):
        pass
    assert "n0t-the-s3cret" not in str(caught.value)


@pytest.mark.rabbitmq
def test_a_rabbitmq_that_falls_silent_is_a_timeout(rabbitmq: Backend) -> None:
    with proxy(rabbitmq.settings["url"]) as between, rabbitmq.spoken(url=between.url, timeout=1) as messages:
        token = messages.subscribe("broker", "orders")
        between.swallow()
        between.cut()
        began = time.monotonic()
        with fails(*AWAY):
            messages.publish("broker", "orders", b"tea")
        assert time.monotonic() - began < 5
        between.cut()
        between.pass_on()
        soon(lambda: messages.publish("broker", "orders", b"tea"))
        assert done(messages, token) == b"tea"


@pytest.mark.rabbitmq
def test_what_was_received_from_rabbitmq_over_a_lost_connection_comes_again(rabbitmq: Backend) -> None:
    with proxy(rabbitmq.settings["url"]) as between, rabbitmq.spoken(url=between.url) as messages:
        token = messages.subscribe("broker", "orders")
        messages.publish("broker", "orders", b"tea")
        received = messages.receive(token, 5)
        assert received is not None
        between.cut()
        time.sleep(0.1)
        again = soon(lambda: messages.receive(token, 10))
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
        assert messages.receive(token, 5) is not None
        between.cut()
        again = soon(lambda: messages.receive(token, 10))
        assert again is not None
        assert (again.message, again.attempt) == (b"tea", 2)
        messages.acknowledge(token, again)


@pytest.mark.mosquitto
def test_a_broker_for_mqtt_that_falls_silent_is_a_timeout(mqtt: Backend) -> None:
    with proxy(mqtt.settings["url"]) as between, mqtt.spoken(url=between.url, timeout=1) as messages:
        between.swallow()
        between.cut()
        began = time.monotonic()
        with fails(*AWAY):
            messages.publish("broker", "orders", b"tea")
        with fails(*AWAY):
            messages.subscribe("broker", "orders")
        assert time.monotonic() - began < 8
        between.cut()
        between.pass_on()
        token = soon(lambda: messages.subscribe("broker", "orders"))
        messages.publish("broker", "orders", b"tea")
        assert done(messages, token) == b"tea"


@pytest.mark.mosquitto
def test_a_broker_for_mqtt_that_does_not_run_is_reported_at_once(mqtt: Backend) -> None:
    with proxy(mqtt.settings["url"]) as between:
        between.refuse()
        began = time.monotonic()
        with pytest.raises(WitkitError, match="there is no connection"), mqtt.opened(url=between.url):
            pass
    assert time.monotonic() - began < 5


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
    with kafka.spoken(timeout=2) as messages:
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
        assert [done(messages, token) for _ in range(10)] == [b"%d" % number for number in range(1, 11)]


@pytest.mark.kafka
def test_receiving_says_that_kafka_is_away(cluster: MockKafka, kafka: Backend) -> None:
    with kafka.spoken(timeout=2) as messages:
        token = messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea")
        assert done(messages, token) == b"tea"
        cluster.down()
        try:
            end = time.monotonic() + 20
            with fails(*AWAY):
                while time.monotonic() < end:
                    messages.receive(token, 0.1)
        finally:
            cluster.up()
        soon(lambda: messages.publish("broker", "orders", b"milk"))
        assert done(messages, token) == b"milk"


@pytest.mark.kafka
def test_a_kafka_that_does_not_answer_is_a_timeout(cluster: MockKafka, kafka: Backend) -> None:
    with kafka.spoken(timeout=1) as messages:
        messages.publish("broker", "orders", b"nobody hears it")
        cluster.answer_after(60_000)
        try:
            began = time.monotonic()
            with fails(*AWAY):
                messages.publish("broker", "orders", b"tea")
            assert time.monotonic() - began < 10
        finally:
            cluster.answer_after(0)


@pytest.mark.kafka
def test_a_kafka_that_does_not_run_is_reported_at_once(cluster: MockKafka, kafka: Backend) -> None:
    with proxy(cluster.url) as between:
        between.refuse()
        began = time.monotonic()
        with pytest.raises(WitkitError, match="there is no connection"), kafka.opened(url=between.url):
            pass
    assert time.monotonic() - began < 4


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
        received = [messages.receive(token, 10) for _ in range(3)]
        assert received[1] is not None
        messages.acknowledge(token, received[1])
    with kafka.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        again = [messages.receive(token, 10) for _ in range(3)]
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
