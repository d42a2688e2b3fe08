"""Messages that are answered, over any backend that carries headers: replies come on a topic of the request's own."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from .headers import Headers
from .protocol import Messages, Received, topic_for_replies
from .sending import send

SLICE: Final = 1.0
"""The most seconds of one look for a reply."""


def request(
    messages: Messages, broker: str, topic: str, message: bytes, headers: Headers, wait: float, expected: int = 1
) -> list[Received]:
    """Publish a message, and return the replies: those of `wait` seconds, or the first `expected` ones.

    Raises Failure, UNSUPPORTED if the backend carries no headers.
    """
    asking, found = replace(headers, reply_to=topic_for_replies()), list[Received]()
    assert asking.reply_to is not None
    token = messages.subscribe(broker, asking.reply_to) if messages.carries_headers else ""
    deadline = time.monotonic() + wait
    try:
        send(messages, broker, topic, message, asking)
        while len(found) < expected and (left := deadline - time.monotonic()) > 0:
            if (received := messages.receive(token, min(left, SLICE))) is not None:
                messages.acknowledge(token, received)
                found.append(received)
    finally:
        if token:
            messages.unsubscribe(token)
    return found
