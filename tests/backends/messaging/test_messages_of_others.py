"""What other programs put on a server, by mistake or on purpose: no message of theirs holds up those behind it."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import pytest

from tests.backends.messaging.backends import backend_of
from tests.backends.messaging.test_promises import LONG, taken
from tests.services.subscribed import subscribed
from witkit.backends.messaging.headers import Headers
from witkit.backends.messaging.sending import bury
from witkit.backends.nats_reading import ReadingClient


def published(url: str, subject: str, *messages: tuple[bytes, bytes]) -> None:
    """Publish to NATS what its client libraries would not: headers, of any form, and payloads."""
    host, port = url.removeprefix("nats://").rpartition("@")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=60) as plain:
        lines = [b'CONNECT {"verbose":false,"headers":true}\r\n']
        for headers, payload in messages:
            sizes = f"HPUB {subject} {len(headers)} {len(headers) + len(payload)}\r\n"
            lines += [sizes.encode(), headers, payload, b"\r\n"]
        plain.sendall(b"".join([*lines, b"PING\r\n"]))
        found = b""
        while not found.endswith(b"PONG\r\n"):
            found += plain.recv(4096)


@pytest.mark.nats
@pytest.mark.parametrize(
    ("headers", "metadata"),
    [
        (b"garbage", {}),
        (b"NATS/1.0", {}),
        (b"NATS/1.0\r\na", {}),
        (b"\r\n\r\n", {}),
        (b"NATS/1.0\r\nno colon\r\n\r\n", {}),
        (b"NATS/1.0 503\r\n\r\n", {}),
        (b"NATS/1.0 100 Idle Heartbeat\r\n\r\n", {}),
        (b"NATS/1.0 408 Request Timeout\r\na: b\r\n\r\n", {"a": "b"}),
        (b"NATS/1.0 later\r\na: b\r\n\r\n", {"a": "b"}),
    ],
)
def test_headers_of_any_form_come_over_nats(
    request: pytest.FixtureRequest, headers: bytes, metadata: dict[str, str]
) -> None:
    backend = backend_of("nats", request)
    with backend.spoken() as messages:
        token = messages.subscribe("b", "orders", "workers")
        good = b"NATS/1.0\r\nn: 1\r\n\r\n"
        subject = f"{backend.settings['stream']}.b.orders"
        published(backend.settings["url"], subject, (headers, b"odd"), (good, b"even"))
        odd, even = taken(messages, token), taken(messages, token)
    assert (odd.message, odd.headers.metadata) == (b"odd", metadata)
    assert (even.message, even.headers.metadata) == (b"even", {"n": "1"})


@pytest.mark.nats
@pytest.mark.parametrize("headers", [b"NATS/1.0 \xff\xff\xff\r\n\r\n", b"NATS/1.0 1\r\na: \xff\r\n\r\n"])
def test_a_status_in_a_reply_need_not_be_text(request: pytest.FixtureRequest, headers: bytes) -> None:
    url, good = backend_of("nats", request).settings["url"], b"NATS/1.0\r\nn: 1\r\n\r\n"

    async def replies() -> list[bytes]:
        client = ReadingClient()
        await client.connect(url)
        inbox = client.new_inbox()
        received = await subscribed(client, inbox)
        await asyncio.to_thread(published, url, inbox, (headers, b"odd"), (good, b"even"))
        found = [(await received.next_msg(timeout=LONG)).data for _ in range(2)]
        await client.close()
        return found

    assert asyncio.run(replies()) == [b"odd", b"even"]


@pytest.mark.redis
def test_an_entry_that_was_removed_from_a_stream_is_forgotten(request: pytest.FixtureRequest) -> None:
    import redis

    backend = backend_of("redis", request)
    stream = f"{backend.settings['prefix']}b:orders:g:workers"
    with backend.spoken() as messages, redis.Redis.from_url(backend.settings["url"]) as client:
        token = messages.subscribe("b", "orders", "workers")
        for letter in (b"a", b"b"):
            messages.publish("b", "orders", letter)
        given = [taken(messages, token) for _ in range(2)]
        client.xtrim(stream, 0)
        for each in given:
            messages.give_back(token, each)
        messages.publish("b", "orders", b"c")
        received = taken(messages, token)
        assert (received.message, received.attempt) == (b"c", 1)
        messages.acknowledge(token, received)
        assert [client.exists(f"{stream}{end}") for end in (":due", ":attempts")] == [0, 0]
        assert client.xpending(stream, "consumers")["pending"] == 0


@pytest.mark.redis
@pytest.mark.parametrize(
    ("entry", "message", "metadata"),
    [
        ({"trace": "1", "message": "tea"}, b"tea", {"trace": "1"}),
        ({"body": "tea", "trace": "1"}, b"tea", {"trace": "1"}),
    ],
)
def test_fields_of_an_entry_may_be_in_any_order(
    request: pytest.FixtureRequest, entry: Any, message: bytes, metadata: dict[str, str]
) -> None:
    import redis

    backend = backend_of("redis", request)
    with backend.spoken() as messages, redis.Redis.from_url(backend.settings["url"]) as client:
        token = messages.subscribe("b", "orders", "workers")
        client.xadd(f"{backend.settings['prefix']}b:orders:g:workers", entry)
        received = taken(messages, token)
    assert (received.message, received.headers) == (message, Headers(metadata=metadata))


@pytest.mark.mosquitto
@pytest.mark.parametrize("group", [None, "workers"])
def test_messages_without_quality_of_service_cost_no_connection(
    request: pytest.FixtureRequest, group: str | None
) -> None:
    from paho.mqtt.publish import multiple

    backend = backend_of("mqtt", request)
    host, port = backend.settings["url"].removeprefix("mqtt://").split(":")
    topic = f"{backend.settings['prefix']}/b/orders"
    with backend.spoken() as messages:
        token = messages.subscribe("b", "orders", group)
        link = messages._subscriptions[token].link  # type: ignore[attr-defined]
        client = link.connected()
        for round in (b"1", b"2"):
            sent: Any = [
                {"topic": topic, "payload": round + letter, "qos": qos} for qos, letter in enumerate((b"a", b"b"))
            ]
            multiple(sent, hostname=host, port=int(port))
            received = [taken(messages, token) for _ in range(2)]
            assert {(each.message, each.attempt) for each in received} == {(round + b"a", 1), (round + b"b", 1)}
            for each in received:
                messages.acknowledge(token, each)
        # The broker answers this after what came before it, or ends the connection.
        assert client.publish(f"{backend.settings['prefix']}/b/else", b"x", 1).wait_for_publish(LONG) is None
        assert client.is_connected()
        assert link.connected() is client


@pytest.mark.rabbitmq
def test_a_dead_letter_loses_headers_that_the_server_does_not_take(
    request: pytest.FixtureRequest, rabbitmq_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    import pika

    backend = backend_of("rabbitmq", request)
    with backend.spoken() as messages, pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        token, dead = messages.subscribe("b", "orders"), messages.subscribe("b", "orders.dead")
        properties = pika.BasicProperties(
            "text/plain", headers={"\n" * 200: "x"}
        )  # which are three bytes each for witkit
        connection.channel().basic_publish(f"{backend.settings['prefix']}-messages", "b.orders", b"tea", properties)
        received = taken(messages, token)
        assert received.headers.metadata == {"\n" * 200: "x"}
        with caplog.at_level(logging.WARNING, "witkit.messages"):
            bury(messages, "b", "orders.dead", received)
        found = taken(messages, dead)
    assert (found.message, found.headers) == (b"tea", Headers())
    assert "a dead letter of `orders` has lost its headers" in caplog.text
