"""`wasmcloud:messaging/consumer` over backends for messages."""

from __future__ import annotations

from typing import Final

from witkit.abi import Err
from witkit.backends.fronts.failures import Cases
from witkit.backends.messaging.protocol import Messages
from witkit.backends.route import Route
from witkit.interfaces.wasmcloud_messaging.types import BrokerMessage

BROKER: Final = ""
"""The name of the broker: the interface has none."""
NO_REPLIES: Final = "this host carries no replies: `reply-to` has to be none"

CASES: Final = Cases(str, {})


class Consumer:
    """`interface consumer`: the implementation for an import."""

    def __init__(self, route: Route[Messages]) -> None:
        self._route = route

    def request(self, subject: str, body: bytes, timeout_ms: int) -> BrokerMessage:
        """Raises an error, because no backend carries replies."""
        raise Err("this host carries no replies: publish instead")

    def publish(self, msg: BrokerMessage) -> None:
        """Publish a message."""
        if msg.reply_to is not None:
            raise Err(NO_REPLIES)
        if not msg.body:
            raise Err("a message must have at least one byte")
        with CASES.raised("messaging publish"):
            messages = self._route(BROKER)
            messages.limits.check_key(msg.subject)
            messages.limits.check_value(len(msg.body))
            messages.publish(BROKER, msg.subject, bytes(msg.body))
