"""The context of the current span in what a program sends: messages and HTTP requests have it as `traceparent`.

What the guest has set itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from opentelemetry import propagate

from witkit.backends.connect import Choice
from witkit.backends.http_client.protocol import HttpClient, Request, Response
from witkit.backends.messaging.headers import NO_HEADERS, Headers
from witkit.backends.messaging.protocol import Messages, Received
from witkit.backends.messaging.sending import publish


class TracedMessages(Messages):
    """A backend for messages. If it carries no metadata, what is published has no context."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self.wait, self.limits, self.location = messages.wait, messages.limits, messages.location
        self.carries_headers = messages.carries_headers

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        if self.carries_headers and (found := _missing(headers.metadata)):
            headers = replace(headers, metadata={**headers.metadata, **found})
        publish(self._messages, broker, topic, message, headers)

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        return self._messages.subscribe(broker, topic, group)

    def keep(self, broker: str, topic: str, group: str) -> None:
        self._messages.keep(broker, topic, group)

    def receive(self, token: str, wait: float) -> Received | None:
        return self._messages.receive(token, wait)

    def acknowledge(self, token: str, received: Received) -> None:
        self._messages.acknowledge(token, received)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        self._messages.give_back(token, received, delay)

    def unsubscribe(self, token: str) -> None:
        self._messages.unsubscribe(token)

    def check(self) -> None:
        self._messages.check()

    def close(self) -> None:
        self._messages.close()


class TracedHttpClient(HttpClient):
    """A backend for HTTP requests."""

    def __init__(self, client: HttpClient) -> None:
        self._client, self.limits, self.location = client, client.limits, client.location

    def send(self, request: Request) -> Response:
        found = _missing(dict(request.headers))
        return self._client.send(replace(request, headers=[*request.headers, *found.items()]) if found else request)

    def check(self) -> None:
        self._client.check()

    def close(self) -> None:
        self._client.close()


WRAPPERS: Final = {"messaging": TracedMessages, "http-client": TracedHttpClient}
"""What is put around the backends of a capability."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What a choice puts around its backend, and around that what propagates contexts."""

    choice: Choice
    wrapper: Any

    def __call__(self, opened: Any) -> Any:
        inner = self.choice.wrap
        return self.wrapper(opened if inner is None else inner(opened))


def propagating(choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """The choices, so that what their backends send has the context of the current span."""
    found = {name: choices.get(name, Choice()) for name in WRAPPERS}
    return {**choices, **{name: replace(each, wrap=_Around(each, WRAPPERS[name])) for name, each in found.items()}}


def _missing(given: Mapping[str, str]) -> dict[str, str]:
    """The context of the current span, if the guest has not set one."""
    if any(name.lower() == "traceparent" for name in given):
        return {}
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    names = {name.lower() for name in given}
    return {name: value for name, value in carrier.items() if name.lower() not in names}
