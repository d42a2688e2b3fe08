"""Headers as the clients of others see them, and what they send."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import pytest

from tests.backends.messaging.backends import Backend, backend_of
from tests.backends.messaging.test_promises import LONG, taken
from tests.services.names import new_name
from tests.services.subscribed import subscribed
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.wasi.messaging import Message
from witkit.backends.messaging.headers import Headers
from witkit.backends.messaging.protocol import Messages

HEADERS = Headers("text/plain", "answers", {"Kind": "green tea", "Nats-Msg-Id": "1", "CC": "2"})


def sent(messages: Messages) -> None:
    messages.publish("b", "orders", b"tea", HEADERS)


@pytest.fixture
def connection(rabbitmq_url: str) -> Iterator[Any]:
    import pika

    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        yield connection


@pytest.mark.rabbitmq
def test_rabbitmq_has_properties_and_a_routing_key_for_replies(request: pytest.FixtureRequest, connection: Any) -> None:
    from pika import BasicProperties

    backend = backend_of("rabbitmq", request)
    exchange, channel = f"{backend.settings['prefix']}-messages", connection.channel()
    with backend.spoken() as messages:
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, exchange, "b.orders")
        answers = messages.subscribe("b", "answers")
        sent(messages)
        _, properties, body = next(channel.consume(queue, inactivity_timeout=LONG))
        assert (body, properties.content_type, properties.reply_to) == (b"tea", "text/plain", "b.answers")
        assert properties.headers == {"Kind": "green tea", "Nats-Msg-Id": "1", "%43C": "2"}
        reply = BasicProperties("text/price", headers={"x-own": "no", "n": 3, "table": {}}, reply_to="elsewhere")
        channel.basic_publish(exchange, properties.reply_to, b"3", reply)
        received = taken(messages, answers)
        assert (received.message, received.headers) == (b"3", Headers("text/price", None, {"n": "3"}))


def answered(messages: Messages, token: str) -> None:
    """Answer the next message as guests do, without saying which it is."""
    Message.received(taken(messages, token), messages, "b").answer(Message(b"3"))


@pytest.mark.rabbitmq
@pytest.mark.parametrize("id", ["7", "caf\u00e9 50%25", "\0", "x" * 255])
def test_a_reply_over_rabbitmq_has_the_correlation_id_of_its_request(
    request: pytest.FixtureRequest, connection: Any, id: str
) -> None:
    from pika import BasicProperties

    backend = backend_of("rabbitmq", request)
    exchange, channel = f"{backend.settings['prefix']}-messages", connection.channel()
    with backend.spoken() as messages:
        token = messages.subscribe("b", "orders")
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, exchange, "b.answers")
        asked = BasicProperties(correlation_id=id, reply_to="b.answers")
        channel.basic_publish(exchange, "b.orders", b"tea", asked)
        answered(messages, token)
        _, properties, body = next(channel.consume(queue, inactivity_timeout=LONG))
        assert (body, properties.correlation_id, properties.headers) == (b"3", id, None)


@pytest.mark.rabbitmq
def test_rabbitmq_refuses_a_name_that_is_too_long_and_goes_on(request: pytest.FixtureRequest) -> None:
    with backend_of("rabbitmq", request).spoken() as messages:
        token = messages.subscribe("b", "orders")
        for metadata in ({"\0" * 100: ""}, {"correlation-id": "x" * 256}):
            with pytest.raises(Failure, match="of more than 255 bytes") as caught:
                messages.publish("b", "orders", b"tea", Headers(metadata=metadata))
            assert caught.value.kind is Kind.INVALID_VALUE
        sent(messages)
        assert taken(messages, token).headers == HEADERS


@contextmanager
def connected(backend: Backend) -> Iterator[tuple[Any, Queue[Any], Queue[Any]]]:
    """A client for MQTT, the messages that it gets, and the answers to what it subscribes to."""
    from paho.mqtt.client import Client, MQTTv5
    from paho.mqtt.enums import CallbackAPIVersion

    arrived, ready = Queue[Any](), Queue[Any]()
    host, port = backend.settings["url"].removeprefix("mqtt://").split(":")
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.on_message = lambda _, __, message: arrived.put(message)
    client.on_subscribe = lambda *_: ready.put(None)
    client.connect(host, int(port))
    client.loop_start()
    try:
        yield client, arrived, ready
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.mark.mosquitto
def test_mqtt_has_properties_and_a_response_topic(request: pytest.FixtureRequest) -> None:
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    backend = backend_of("mqtt", request)
    prefix = backend.settings["prefix"]
    with backend.spoken() as messages, connected(backend) as (client, arrived, ready):
        client.subscribe(f"{prefix}/b/orders", qos=1)
        ready.get(timeout=LONG)
        answers = messages.subscribe("b", "answers")
        sent(messages)
        message = arrived.get(timeout=LONG)
        properties = message.properties
        assert (message.payload, properties.ContentType) == (b"tea", "text/plain")
        assert properties.ResponseTopic == f"{prefix}/b/answers"
        assert properties.UserProperty == [("Kind", "green tea"), ("Nats-Msg-Id", "1"), ("CC", "2")]
        reply = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        reply.ContentType, reply.ResponseTopic, reply.UserProperty = "text/price", "elsewhere", ("n", "3")
        client.publish(properties.ResponseTopic, b"3", 1, properties=reply)
        received = taken(messages, answers)
        assert (received.message, received.headers) == (b"3", Headers("text/price", None, {"n": "3"}))


@pytest.mark.mosquitto
@pytest.mark.parametrize("data", [b"7", "caf\u00e9 50%25".encode(), bytes(range(256))])
def test_a_reply_over_mqtt_has_the_correlation_data_of_its_request(request: pytest.FixtureRequest, data: bytes) -> None:
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    backend = backend_of("mqtt", request)
    prefix = backend.settings["prefix"]
    asked = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    asked.ResponseTopic, asked.CorrelationData = f"{prefix}/b/answers", data
    with backend.spoken() as messages, connected(backend) as (client, arrived, ready):
        client.subscribe(f"{prefix}/b/answers", qos=1)
        ready.get(timeout=LONG)
        token = messages.subscribe("b", "orders")
        client.publish(f"{prefix}/b/orders", b"tea", 1, properties=asked)
        answered(messages, token)
        message = arrived.get(timeout=LONG)
        assert (message.payload, message.properties.CorrelationData) == (b"3", data)


@pytest.mark.nats
def test_nats_has_headers_that_the_server_does_not_act_upon(request: pytest.FixtureRequest) -> None:
    import nats

    backend = backend_of("nats", request)
    stream = backend.settings["stream"]

    async def followed(messages: Messages) -> tuple[Any, Any]:
        client = await nats.connect(backend.settings["url"])
        subscription = await subscribed(client, f"{stream}.b.orders")
        await asyncio.get_running_loop().run_in_executor(None, sent, messages)
        message: Any = await subscription.next_msg(LONG)
        reply = {"Content-Type": "text/price", "Nats-Own": "no", "n": "3"}
        await client.jetstream().publish(f"{stream}.b.{message.headers['reply-to']}", b"3", headers=reply)
        await client.close()
        return message.data, message.headers

    with backend.spoken() as messages:
        answers = messages.subscribe("b", "answers")
        data, headers = asyncio.run(followed(messages))
        received = taken(messages, answers)
    own = {"content-type": "text/plain", "reply-to": "answers", "Kind": "green tea", "%4Eats-Msg-Id": "1", "CC": "2"}
    assert (data, headers) == (b"tea", own)
    assert (received.message, received.headers) == (b"3", Headers("text/price", None, {"n": "3"}))


@pytest.mark.kafka
def test_kafka_has_headers(kafka_url: str) -> None:
    from confluent_kafka import Consumer

    prefix = new_name()
    with Backend("kafka", {"url": kafka_url, "prefix": prefix}).spoken() as messages:
        sent(messages)
    servers = kafka_url.removeprefix("kafka://")
    consumer = Consumer({"bootstrap.servers": servers, "group.id": prefix, "auto.offset.reset": "earliest"})
    consumer.subscribe([f"{prefix}.b.orders"])
    message: Any = consumer.poll(LONG)
    consumer.close()
    assert (message.value(), dict(message.headers())) == (
        b"tea",
        {"content-type": b"text/plain", "reply-to": b"answers", "Kind": b"green tea", "Nats-Msg-Id": b"1", "CC": b"2"},
    )


@pytest.mark.redis
def test_redis_has_fields_beside_the_message(request: pytest.FixtureRequest) -> None:
    import redis

    backend = backend_of("redis", request)
    with backend.spoken() as messages, redis.Redis.from_url(backend.settings["url"]) as client:
        token = messages.subscribe("b", "orders", "workers")
        sent(messages)
        stream = f"{backend.settings['prefix']}b:orders:g:workers"
        [(_, fields)] = client.xrange(stream)
        expected = {"message": "tea", "content-type": "text/plain", "reply-to": "answers", **HEADERS.metadata}
        assert fields == {name.encode(): value.encode() for name, value in expected.items()}
        client.xadd(stream, {"message": "milk", "Content-Type": "text/plain", "n": b"\xff"})
        messages.acknowledge(token, taken(messages, token))
        received = taken(messages, token)
        assert (received.message, received.headers) == (b"milk", Headers("text/plain", None, {"n": "\ufffd"}))
        messages.acknowledge(token, received)
