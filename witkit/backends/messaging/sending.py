"""Publishing for those who do not know whether a backend carries headers."""

from __future__ import annotations

import logging
from typing import Final

from witkit.backends.failure import Failure, Kind

from .headers import NO_HEADERS, Headers
from .protocol import Messages, Received

LOG: Final = logging.getLogger("witkit.messages")


def publish(messages: Messages, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
    """Publish a message that was received or checked. Raises Failure (UNSUPPORTED) if the backend has only payloads."""
    if not headers:
        # A backend without headers may not have the argument.
        messages.publish(broker, topic, message)
    elif messages.carries_headers:
        messages.publish(broker, topic, message, headers)
    else:
        raise Failure(
            Kind.UNSUPPORTED, "this backend carries only payloads: no content type, no metadata and no replies"
        )


def bury(messages: Messages, broker: str, topic: str, received: Received) -> None:
    """Publish a message that was received to the topic of dead letters. Raises Failure.

    Others may have sent headers that the backend gives, and does not take: the message goes without them.
    """
    try:
        publish(messages, broker, topic, received.message, received.headers)
    except Failure as refused:
        if refused.kind is not Kind.INVALID_VALUE or not received.headers:
            raise
        LOG.warning("a dead letter of `%s` has lost its headers: %s", received.topic, refused.shown)
        publish(messages, broker, topic, received.message)


def send(messages: Messages, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
    """Publish what a guest sends, within the limits of the backend and of headers. Raises Failure."""
    messages.limits.check_key(topic)
    messages.limits.check_value(len(message))
    if headers:
        headers.check()
        if headers.reply_to is not None:
            messages.limits.check_key(headers.reply_to)
    publish(messages, broker, topic, message, headers)
