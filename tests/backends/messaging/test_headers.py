"""What accompanies the payload of a message: carried as the table in docs/capabilities/messaging.md promises."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.backends.messaging.backends import Backend
from tests.backends.messaging.test_promises import LONG, taken
from witkit.backends.failure import Failure, Kind
from witkit.backends.messaging.headers import ENTRIES, MOST, NAME, NO_HEADERS, Headers
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.messaging.requests import request
from witkit.backends.messaging.sending import send

ODD = "".join(map(chr, [*range(0x180), 0xFDD0, 0xFFFE, 0x1F600, 0x10FFFF]))
"""Every character that some server does not take in a header, or acts upon."""

TRACE = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=b,c=d"}

RESERVED = ["message", "content-type", "Reply-To", "Nats-Msg-Id", "Nats-TTL", "Status", "CC", "BCC", "x-delivery-count"]
"""Names that mean something to a server, or to witkit."""

HEADERS = [
    Headers("text/plain; charset=utf-8"),
    Headers(metadata=TRACE),
    Headers(metadata={"Kind": "tea", "kind": "", "a b:c%41": " 100% % %41 ", "é": "\n", "line\r\nCC: x": "a\r\n\r\nb"}),
    Headers(metadata={ODD[:60]: ODD, **dict.fromkeys("\x00\n%:= \xa0", "")}),
    Headers(metadata={name: name for name in RESERVED}),
    Headers("", "orders/#", {"a": "1"}),
    Headers(None, "", {}),
    Headers("a" * NAME, "\0 %41" + "t" * 5000, {"n" * NAME: "v" * 20_000}),
    Headers(metadata={f"{number}": "" for number in range(ENTRIES)}),
]


@pytest.fixture(autouse=True)
def _promised(backend: Backend) -> None:
    if not backend.promises("content type and metadata"):
        pytest.skip("not promised")


def test_headers_come_with_their_message(messages: Messages) -> None:
    token = messages.subscribe("broker", "orders")
    for number, headers in enumerate(HEADERS):
        headers.check()
        messages.publish("broker", "orders", b"%d" % number, headers)
    messages.publish("broker", "orders", b"plain")
    for number, headers in enumerate(HEADERS):
        received = taken(messages, token)
        assert (received.message, received.headers) == (b"%d" % number, headers)
        messages.acknowledge(token, received)
    assert taken(messages, token).headers == NO_HEADERS


def test_headers_come_with_every_attempt(backend: Backend) -> None:
    headers = Headers("text/plain", "answers", TRACE)
    with backend.spoken(again=0.5) as messages:
        tokens = [messages.subscribe("broker", "orders", group) for group in ("workers", None)]
        messages.publish("broker", "orders", b"tea", headers)
        for token in tokens:
            first = taken(messages, token)
            messages.give_back(token, first)
            second, third = taken(messages, token), taken(messages, token)
            assert [each.attempt for each in (first, second, third)] == [1, 2, 3]
            assert {each.headers for each in (first, second, third)} == {headers}
            messages.acknowledge(token, third)


def test_headers_survive_the_program(backend: Backend) -> None:
    if not backend.promises("survives the program"):
        pytest.skip("not promised")
    headers = Headers("text/plain", "answers", TRACE)
    with backend.spoken() as messages:
        messages.subscribe("broker", "orders", "workers")
        messages.publish("broker", "orders", b"tea", headers)
    with backend.spoken() as messages:
        token = messages.subscribe("broker", "orders", "workers")
        received = taken(messages, token)
        assert received.headers == headers
        messages.acknowledge(token, received)


def test_headers_fit_beside_the_largest_payload_or_are_refused(backend: Backend, messages: Messages) -> None:
    most, headers = messages.limits.value or 1_000_000, Headers(metadata={"k": "v" * (MOST - 1)})
    token = messages.subscribe("broker", "orders")
    if backend.name == "nats":  # Its limit is for both together.
        with pytest.raises(Failure, match="the message and its headers have more than") as caught:
            send(messages, "broker", "orders", bytes(most), headers)
        assert caught.value.kind is Kind.INVALID_VALUE
        most -= MOST
    send(messages, "broker", "orders", bytes(most), headers)
    assert taken(messages, token).headers == headers


@contextmanager
def answering(messages: Messages, topic: str, *answers: bytes) -> Iterator[list[Received]]:
    """Somebody who answers each message of a topic. Gives what was asked."""
    asked, token = list[Received](), messages.subscribe("broker", topic, "workers")

    def answer() -> None:
        while (received := messages.receive(token, LONG)) is not None and received.headers.reply_to is not None:
            asked.append(received)
            messages.acknowledge(token, received)
            for each in answers:
                headers = Headers(metadata={"to": received.message.decode()})
                messages.publish("broker", received.headers.reply_to, each, headers)

    thread = threading.Thread(target=answer)
    thread.start()
    yield asked
    messages.publish("broker", topic, b"end")
    thread.join()


def asked(messages: Messages, message: bytes, wait: float = LONG, **more: Any) -> list[tuple[bytes, str]]:
    """The replies to a message, each with what it replies to."""
    replies = request(messages, "broker", "prices", message, Headers("text/plain"), wait, **more)
    return [(each.message, each.headers.metadata["to"]) for each in replies]


def test_a_request_gets_its_replies_and_no_others(backend: Backend, messages: Messages) -> None:
    if not backend.promises("replies"):
        pytest.skip("not promised")
    with answering(messages, "prices", b"3", b"4") as seen:
        assert asked(messages, b"tea") == [(b"3", "tea")]
        assert asked(messages, b"milk", expected=2) == [(b"3", "milk"), (b"4", "milk")]
        # A busy machine needs longer.
        both = [(b"3", "rice"), (b"4", "rice")]
        assert any(asked(messages, b"rice", wait=wait, expected=3) == both for wait in (0.5, 5, 20))
        assert asked(messages, b"salt", expected=0) == []
    assert {each.headers.content_type for each in seen} == {"text/plain"}
    assert len({each.headers.reply_to for each in seen}) == len(seen)


def test_a_request_that_nobody_answers_ends_in_time(messages: Messages) -> None:
    assert asked(messages, b"tea", wait=0.1) == []


def test_a_reply_that_nobody_waits_for_has_no_effect(messages: Messages) -> None:
    with answering(messages, "prices", b"3") as seen:
        assert asked(messages, b"tea") == [(b"3", "tea")]
        assert seen[0].headers.reply_to
        messages.publish("broker", seen[0].headers.reply_to, b"too late", Headers(metadata={"to": "tea"}))
        assert asked(messages, b"milk") == [(b"3", "milk")]
