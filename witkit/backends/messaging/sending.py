"""Publishing for those who do not know whether a backend carries headers."""

from __future__ import annotations

from witkit.backends.failure import Failure, Kind

from .headers import NO_HEADERS, Headers
from .protocol import Messages


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


def send(messages: Messages, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
    """Publish what a guest sends, within the limits of the backend and of headers. Raises Failure."""
    messages.limits.check_key(topic)
    messages.limits.check_value(len(message))
    if headers:
        headers.check()
        if headers.reply_to is not None:
            messages.limits.check_key(headers.reply_to)
    publish(messages, broker, topic, message, headers)
