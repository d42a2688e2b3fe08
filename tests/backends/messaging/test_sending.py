"""Headers that are not carried, that are too large, and of dead letters."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.messaging.backends import Backend
from witkit.abi import Err
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.wasi import messaging as wasi
from witkit.backends.fronts.wasmcloud.messaging import Consumer
from witkit.backends.messaging.headers import ENTRIES, MOST, NAME, NO_HEADERS, Headers
from witkit.backends.messaging.memory import MemoryMessages, MemorySettings
from witkit.backends.messaging.protocol import Messages
from witkit.backends.messaging.sending import send
from witkit.backends.messaging.typed import Topic, TypedMessages
from witkit.backends.selector import Selector
from witkit.interfaces.wasi_messaging import types as api
from witkit.interfaces.wasmcloud_messaging.types import BrokerMessage


class BytesOnly(MemoryMessages):
    """A backend of somebody else, from before there were headers."""

    carries_headers = False

    def publish(self, broker: str, topic: str, message: bytes) -> None:  # type: ignore[override]
        super().publish(broker, topic, message)


@pytest.fixture
def messages() -> Messages:
    return MemoryMessages(MemorySettings(wait=0.01))


@pytest.fixture
def plain() -> Messages:
    return BytesOnly(MemorySettings(wait=0.01))


def test_a_backend_that_knows_bytes_only_goes_on_working(plain: Messages) -> None:
    token = plain.subscribe("", "orders")
    types, consumer = wasi.Types(Selector(plain)), Consumer(Selector(plain))
    client = types.Client.connect("")
    client.send("orders", types.Message(b"1"))
    consumer.publish(BrokerMessage("orders", b"2", None))
    TypedMessages(plain, {}).publish("", "orders", b"3")
    received = [plain.receive(token, 0) for _ in range(3)]
    assert [(each.message, each.headers) for each in received if each] == [
        (b"1", NO_HEADERS),
        (b"2", NO_HEADERS),
        (b"3", NO_HEADERS),
    ]


def test_it_refuses_headers_and_requests(plain: Messages) -> None:
    types, consumer = wasi.Types(Selector(plain)), Consumer(Selector(plain))
    client, message = types.Client.connect(""), types.Message(b"1")
    message.set_content_type("text/plain")
    said = ["this backend carries only payloads: no content type, no metadata and no replies"]
    with fails_with(api.Error_Other) as payload:
        client.send("orders", message)
    assert payload == said
    with fails_with(api.Error_Other) as payload:
        wasi.RequestReply(Selector(plain)).request(client, "orders", types.Message(b"1"), None)
    assert payload == said
    for call in (
        lambda: consumer.request("orders", b"1", 1000),
        lambda: consumer.publish(BrokerMessage("orders", b"1", "answers")),
    ):
        with pytest.raises(Err) as caught:
            call()
        assert [caught.value.value] == said


@pytest.mark.parametrize(
    "headers",
    [
        Headers(metadata={"": "1"}),
        Headers(metadata={"n" * (NAME + 1): "1"}),
        Headers("t" * (NAME + 1)),
        Headers(metadata={"n": "v" * MOST}),
        Headers(metadata={f"{number}": "" for number in range(ENTRIES + 1)}),
        Headers(metadata={"n": "\ud800"}),
    ],
)
def test_headers_are_bounded(messages: Messages, headers: Headers) -> None:
    token = messages.subscribe("", "orders")
    with pytest.raises(Failure) as caught:
        send(messages, "", "orders", b"1", headers)
    assert caught.value.kind is Kind.INVALID_VALUE
    assert messages.receive(token, 0) is None


def test_headers_take_room() -> None:
    messages = MemoryMessages(MemorySettings(memory=100_000))
    token = messages.subscribe("", "orders")
    for _ in range(10):
        messages.publish("", "orders", b"1", Headers(metadata={"n": "v" * 20_000}))
        with pytest.raises(Failure) as caught:
            messages.publish("", "orders", b"1", Headers(metadata={"n": "v" * 20_000}))
        assert caught.value.kind is Kind.FULL
        received = messages.receive(token, 0)
        assert received is not None
        messages.acknowledge(token, received)


def test_what_does_not_have_the_type_of_its_topic_is_a_dead_letter_with_its_headers(messages: Messages) -> None:
    typed = TypedMessages(messages, {"orders": Topic("a number", lambda _: "no", "orders.dead")})
    token, dead = typed.subscribe("", "orders"), messages.subscribe("", "orders.dead")
    messages.publish("", "orders", b"tea", Headers("text/plain", "answers", {"a": "1"}))
    assert typed.receive(token, 0) is None
    buried = messages.receive(dead, 0)
    assert buried is not None
    assert buried.headers == Headers("text/plain", "answers", {"a": "1"})


OLD = """
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, queue INTEGER NOT NULL, message BLOB NOT NULL,
attempt INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0, boot TEXT NOT NULL DEFAULT '',
due REAL NOT NULL DEFAULT 0)
"""


def test_a_file_from_before_there_were_headers_gets_them(tmp_path: Path) -> None:
    file = tmp_path / "messages.db"
    backend = Backend("sqlite", {"path": file})
    with sqlite3.connect(file) as connection:
        connection.execute(OLD)
    connection.close()
    for _ in range(2):
        with backend.spoken() as messages:
            token = messages.subscribe("", "orders")
            messages.publish("", "orders", b"1", Headers("text/plain"))
            received = messages.receive(token, 1)
            assert received is not None
            assert received.headers == Headers("text/plain")


@pytest.fixture
def replying(messages: Messages) -> tuple[Any, wasi.Message]:
    """The interfaces, and a message that wants a reply."""
    types = wasi.Types(Selector(messages))
    token = messages.subscribe("", "prices")
    messages.publish("", "prices", b"tea", Headers(reply_to="answers"))
    received = messages.receive(token, 0)
    assert received is not None
    return types, wasi.Message.received(received, messages, "")


def test_a_reply_has_headers_too(messages: Messages, replying: Any) -> None:
    types, asked = replying
    token, reply = messages.subscribe("", "answers"), types.Message(b"3")
    reply.add_metadata("unit", "euro")
    wasi.RequestReply(Selector(messages)).reply(asked, reply)
    found = messages.receive(token, 0)
    assert found is not None
    assert (found.message, found.headers) == (b"3", Headers(metadata={"unit": "euro"}))


def test_a_message_without_reply_to_cannot_be_answered(messages: Messages, replying: Any) -> None:
    types, _ = replying
    with fails_with(api.Error_Other) as payload:
        wasi.RequestReply(Selector(messages)).reply(types.Message(b"1"), types.Message(b"2"))
    assert payload == ["nobody waits for a reply to this message"]


def test_a_request_without_a_reply_is_a_timeout(messages: Messages) -> None:
    types, requests = wasi.Types(Selector(messages)), wasi.RequestReply(Selector(messages))
    client, options = types.Client.connect(""), requests.RequestOptions()
    options.set_timeout_ms(20)
    with pytest.raises(Err) as late:
        requests.request(client, "prices", types.Message(b"tea"), options)
    assert late.value.value == api.Error_Timeout()
    with pytest.raises(Err) as caught:
        Consumer(Selector(messages)).request("prices", b"tea", 20)
    assert caught.value.value == "no reply came in time"
    client.disconnect()
    with fails_with(api.Error_Connection):
        requests.request(client, "prices", types.Message(b"tea"), options)
