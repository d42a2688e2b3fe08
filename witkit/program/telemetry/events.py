"""The spans of messages and changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from witkit.backends.messaging.protocol import Received

if TYPE_CHECKING:
    from .spans import Spans

Failed: TypeAlias = Callable[[Exception], object]
"""Is called with what prevents a message from being handled."""

LARGEST: Final = 1 << 20
"""The most bytes of a message that is read as a CloudEvent."""

CONTEXT: Final = ("traceparent", "tracestate")
"""The names of a context, which are also those of the attributes of an event."""

PREFIXES: Final = ("", "ce-", "ce_", "cloudevents:", "cloudevents_")
"""The prefix of attributes of an event in binary mode: nothing in MQTT, then HTTP and NATS, Kafka, and AMQP."""


@contextmanager
def message_span(spans: Spans | None, received: Received, group: str) -> Iterator[Failed]:
    """The span of one attempt to handle a message, below the one in its metadata, or in the CloudEvent that it is."""
    attributes = {
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": received.topic,
        "messaging.consumer.group.name": group,
        "messaging.message.body.size": len(received.message),
        "wit.attempt": received.attempt,
    }
    with _around(spans, f"process {received.topic}", lambda: parent(received), attributes) as failed:
        yield failed


@contextmanager
def change_span(spans: Spans | None, store: str) -> Iterator[Failed]:
    """The span of one change of a store. Keys are not in it."""
    with _around(spans, f"process {store}", dict, {"db.namespace": store}) as failed:
        yield failed


def parent(received: Received) -> dict[str, str]:
    """`traceparent` and `tracestate` in the metadata of a message, or else of the CloudEvent that it is."""
    named = {name.lower(): value for name, value in received.headers.metadata.items()}
    for prefix in PREFIXES:
        if f"{prefix}traceparent" in named:
            return _contexts({name.removeprefix(prefix): value for name, value in named.items()})
    return _of_event(received.message)


def of_request(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The same of the headers of a request, which have lower case."""
    named = dict(headers)
    prefix = "" if "traceparent" in named else "ce-"
    return _contexts({name: named[f"{prefix}{name}"] for name in CONTEXT if f"{prefix}{name}" in named})


def _of_event(message: bytes) -> dict[str, str]:
    if len(message) > LARGEST or b'"traceparent"' not in message or b'"specversion"' not in message:
        return {}
    try:
        event = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(event, dict):
        return {}
    return _contexts(event)


def _contexts(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: found[name] for name in CONTEXT if isinstance(found.get(name), str)}


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
