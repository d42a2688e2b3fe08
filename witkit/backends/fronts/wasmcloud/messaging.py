"""`wasmcloud:messaging/consumer` over backends for messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from witkit.abi import Err
from witkit.backends.fronts.failures import Cases
from witkit.backends.messaging.handled import asked_on
from witkit.backends.messaging.headers import NO_HEADERS, Headers
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.messaging.requests import request
from witkit.backends.messaging.sending import send
from witkit.backends.selector import Selector
from witkit.interfaces.wasmcloud_messaging.types import BrokerMessage

BROKER: Final = ""
"""The name of the broker: the interface has none."""

CASES: Final = Cases(str, {})


class Consumer:
    """`interface consumer`: the implementation for an import."""

    def __init__(self, selector: Selector[Messages]) -> None:
        self._selector = selector

    def request(self, subject: str, body: bytes, timeout_ms: int) -> BrokerMessage:
        """Publish a message and wait for its reply."""
        data = _payload(body)
        with CASES.raised("messaging request"):
            replies = request(self._selector(BROKER), BROKER, subject, data, NO_HEADERS, timeout_ms / 1000)
        if not replies:
            raise Err("no reply came in time")
        return message_of(replies[0])

    def publish(self, msg: BrokerMessage) -> None:
        """Publish a message. The reply to the one that is being handled goes to the broker that this came from."""
        data, headers = _payload(msg.body), Headers(reply_to=msg.reply_to)
        asked = asked_on(msg.subject)
        with CASES.raised("messaging publish"):
            if asked is None:
                send(self._selector(BROKER), BROKER, msg.subject, data, headers)
            else:
                answer = replace(headers, metadata=asked.received.headers.correlation)
                send(asked.messages, asked.broker, msg.subject, data, answer)


def message_of(received: Received) -> BrokerMessage:
    """A message that came, as the record of the interface."""
    return BrokerMessage(received.topic, received.message, received.headers.reply_to)


def _payload(body: bytes) -> bytes:
    if not body:
        raise Err("a message must have at least one byte")
    return bytes(body)
