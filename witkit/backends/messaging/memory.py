"""Topics in the memory of this process, for programs with one process and for experiments."""

from __future__ import annotations

import itertools
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from threading import Condition, RLock

from witkit.backends.backend import Backend
from witkit.backends.budget import MEMORY, Budget, Full, size
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, SECONDS, BackendSettings, setting

from .protocol import Messages, Received, closed


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(BackendSettings):
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", 0.2)
    messages: int = setting(COUNT, "The most messages that one subscription holds.", 10_000)
    subscriptions: int = setting(COUNT, "The most subscriptions at a time.", 10_000)
    memory: int = setting(COUNT, "The most bytes that all messages and topics may take.", MEMORY)


@dataclass(slots=True)
class Subscription:
    """The messages that wait, and those that were received and not acknowledged, by the numbers of their receipts."""

    broker: str
    topic: str
    waiting: deque[bytes] = field(default_factory=deque)
    given: dict[int, bytes] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """How many messages take room."""
        return len(self.waiting) + len(self.given)

    @property
    def cost(self) -> int:
        """The room that it takes, with its messages."""
        return size(self.topic) + sum(map(size, self.waiting)) + sum(map(size, self.given.values()))


class MemoryMessages(Messages):
    """All brokers. Only their subscriptions take room."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self.wait, self._settings = settings.wait, settings
        self._budget, self._closed = Budget(settings.memory), False
        # Reentrant, because a subscription may end at any moment, when a consumer is collected.
        self._changed = Condition(RLock())
        self._subscriptions: dict[str, Subscription] = {}
        self._topics: dict[tuple[str, str], list[Subscription]] = {}
        self._receipts = itertools.count()

    def publish(self, broker: str, topic: str, message: bytes) -> None:
        if size(message) > (most := self._budget.limit):
            raise Failure(Kind.INVALID_VALUE, f"all messages together may have at most {most:,} bytes")
        with self._changed:
            self._expect_open()
            found = self._topics.get((broker, topic), [])
            if any(each.held >= self._settings.messages for each in found):
                raise Full(f"a subscription of the topic already holds {self._settings.messages} messages")
            self._budget.take(size(message) * len(found))
            for each in found:
                each.waiting.append(message)
            self._changed.notify_all()

    def subscribe(self, broker: str, topic: str) -> str:
        with self._changed:
            self._expect_open()
            if len(self._subscriptions) >= self._settings.subscriptions:
                raise Full(f"there are already {self._settings.subscriptions:,} subscriptions")
            self._budget.take(size(topic))
            token, made = secrets.token_urlsafe(12), Subscription(broker, topic)
            self._subscriptions[token] = made
            # A new list, because `publish` may be walking through the old one.
            self._topics[broker, topic] = [*self._topics.get((broker, topic), []), made]
            return token

    def receive(self, token: str, wait: float) -> Received | None:
        deadline = time.monotonic() + wait
        with self._changed:
            while not (found := self._subscription(token)).waiting:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    return None
            receipt, message = next(self._receipts), found.waiting.popleft()
            found.given[receipt] = message
            return Received(found.topic, message, receipt)

    def acknowledge(self, token: str, received: Received) -> None:
        with self._changed:
            if self._taken_back(token, received) is not None:
                self._budget.take(-size(received.message))

    def give_back(self, token: str, received: Received) -> None:
        with self._changed:
            if (found := self._taken_back(token, received)) is not None:
                found.waiting.appendleft(received.message)
                self._changed.notify_all()

    def unsubscribe(self, token: str) -> None:
        with self._changed:
            if (found := self._subscriptions.pop(token, None)) is None:
                return
            self._budget.take(-found.cost)
            left = [each for each in self._topics.pop((found.broker, found.topic)) if each is not found]
            if left:
                self._topics[found.broker, found.topic] = left
            self._changed.notify_all()

    def check(self) -> None:
        with self._changed:
            self._expect_open()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _subscription(self, token: str) -> Subscription:
        self._expect_open()
        if token not in self._subscriptions:
            raise Failure(Kind.MISSING, token)
        return self._subscriptions[token]

    def _taken_back(self, token: str, received: Received) -> Subscription | None:
        """The subscription of a message that was received and not acknowledged, without the message; or None."""
        self._expect_open()
        found = self._subscriptions.get(token)
        return found if found is not None and found.given.pop(received.receipt, None) is not None else None

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()


backend = Backend("Topics in the memory of this process.", MemoryMessages, MemorySettings)
