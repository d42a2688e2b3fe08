"""Topics whose messages have a type: what does not fit is refused when it is published, and buried when it arrives."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from witkit.backends.failure import Failure, Kind
from witkit.text.visible import visible

from .headers import NO_HEADERS, Headers
from .protocol import Messages, Received
from .sending import bury, publish

LOG: Final = logging.getLogger("witkit.messages")


@dataclass(frozen=True, slots=True)
class Topic:
    """The messages of a topic. `mismatch` says why a message does not fit, or None if it does; `type` is for the log.

    `dead` is the topic for messages that do not fit; empty if they are dropped.
    """

    type: str
    mismatch: Callable[[bytes], str | None]
    dead: str


class TypedMessages(Messages):
    """A backend, and the topics that have a type, whatever the broker. It has the limits of the backend."""

    def __init__(self, messages: Messages, topics: Mapping[str, Topic]) -> None:
        self._messages, self._topics = messages, topics
        self.wait, self.limits, self.location = messages.wait, messages.limits, messages.location
        self.carries_headers = messages.carries_headers
        self._groups: dict[str, tuple[str, str | None]] = {}
        self._buried: set[tuple[str, str, str | None]] = set()

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        """Also raises Failure (INVALID_TYPE)."""
        if (typed := self._topics.get(topic)) is not None and (reason := typed.mismatch(message)) is not None:
            raise Failure(Kind.INVALID_TYPE, f"{reason}, which `{typed.type}` asks for")
        publish(self._messages, broker, topic, message, headers)

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        token = self._messages.subscribe(broker, topic, group)
        if topic in self._topics:
            self._groups[token] = broker, group
        return token

    def keep(self, broker: str, topic: str, group: str) -> None:
        self._messages.keep(broker, topic, group)

    def receive(self, token: str, wait: float) -> Received | None:
        """The oldest message that fits."""
        deadline = time.monotonic() + wait
        while True:
            received = self._messages.receive(token, max(0.0, deadline - time.monotonic()))
            if received is None or (typed := self._topics.get(received.topic)) is None:
                return received
            if (reason := typed.mismatch(received.message)) is None:
                return received
            self._bury(token, received, typed, reason)

    def acknowledge(self, token: str, received: Received) -> None:
        self._messages.acknowledge(token, received)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        self._messages.give_back(token, received, delay)

    def unsubscribe(self, token: str) -> None:
        self._groups.pop(token, None)
        self._messages.unsubscribe(token)

    def check(self) -> None:
        self._messages.check()

    def close(self) -> None:
        self._messages.close()

    def _bury(self, token: str, received: Received, typed: Topic, reason: str) -> None:
        broker, group = self._groups.get(token, ("", None))
        place = "dropped"
        if typed.dead:
            self._keep(broker, typed.dead, group)
            bury(self._messages, broker, typed.dead, received)
            place = (
                f"it is in `{typed.dead}`" if group is not None else f"it went to those who listen to `{typed.dead}`"
            )
        LOG.error(
            "a message of `%s` does not have the type `%s`: %s; %s", received.topic, typed.type, visible(reason), place
        )
        self._messages.acknowledge(token, received)

    def _keep(self, broker: str, dead: str, group: str | None) -> None:
        """Have dead letters kept for the group."""
        if group is not None and (broker, dead, group) not in self._buried:
            self._messages.keep(broker, dead, group)
            self._buried.add((broker, dead, group))
