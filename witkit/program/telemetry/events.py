"""The spans of messages and changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from witkit.backends.messaging.protocol import Received

if TYPE_CHECKING:
    from .spans import Spans

Failed: TypeAlias = Callable[[Exception], object]
"""Is called with what prevents a message from being handled."""

LARGEST: Final = 1 << 20
"""The most bytes of a message that is read as a CloudEvent."""


@contextmanager
def message_span(spans: Spans | None, received: Received, group: str) -> Iterator[Failed]:
    """The span of one attempt to handle a message, below that of the CloudEvent that the message is, if it is one."""
    attributes = {
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": received.topic,
        "messaging.consumer.group.name": group,
        "messaging.message.body.size": len(received.message),
        "wit.attempt": received.attempt,
    }
    with _around(spans, f"process {received.topic}", lambda: parent(received.message), attributes) as failed:
        yield failed


@contextmanager
def change_span(spans: Spans | None, store: str) -> Iterator[Failed]:
    """The span of one change of a store. Keys are not in it."""
    with _around(spans, f"process {store}", dict, {"db.namespace": store}) as failed:
        yield failed


def parent(message: bytes) -> dict[str, str]:
    """`traceparent` and `tracestate` of a CloudEvent in JSON; nothing for any other message."""
    if len(message) > LARGEST or b'"traceparent"' not in message or b'"specversion"' not in message:
        return {}
    try:
        event = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(event, dict):
        return {}
    found = {name: event.get(name) for name in ("traceparent", "tracestate")}
    return {name: value for name, value in found.items() if isinstance(value, str)}


@contextmanager
def _around(
    spans: Spans | None, name: str, carrier: Callable[[], dict[str, str]], attributes: dict[str, Any]
) -> Iterator[Failed]:
    if spans is None:
        yield _nobody
        return
    from .spans import kind_of

    with spans.around(name, "consumer", carrier(), attributes) as begun:
        yield lambda problem: begun.failed(kind_of(problem))


def _nobody(problem: Exception) -> None:
    """Without spans, nobody wants to know."""
