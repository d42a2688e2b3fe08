"""Topics in the memory of this process, for programs with one process and for experiments."""

from __future__ import annotations

import secrets
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, RLock
from typing import ClassVar, Self

from witkit.abi import Err
from witkit.backends.base import Opened, Settings, count, number, reject_unknown_settings
from witkit.backends.budget import Budget, Full, budget, size
from witkit.interfaces.messaging import messaging as api

WAIT = 0.2
"""The default for `wait`: the seconds that `receive` waits for a message."""

BACKLOG = 10_000
"""The default for `messages`: the most messages that one subscription holds."""

SUBSCRIPTIONS = 10_000
"""The default for `subscriptions`: the most subscriptions at a time."""


class Broker:
    """The topics of one broker, with the queues of their subscriptions."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._topics: dict[str, list[deque[bytes]]] = {}

    def publish(self, message: bytes, topic: str) -> None:
        """Give the message to every subscription. If one has no room for it, raises Full, and none gets it."""
        with self._hub.changed:
            queues = self._topics.get(topic, [])
            if any(len(queue) >= self._hub.messages for queue in queues):
                raise Full(f"a subscription of the topic already holds {self._hub.messages} messages")
            self._hub.budget.take(size(message) * len(queues))
            for queue in queues:
                queue.append(message)
            self._hub.changed.notify_all()

    def subscribe(self, topic: str) -> deque[bytes]:
        """A new subscription. Raises Full if there are too many."""
        queue: deque[bytes] = deque()
        with self._hub.changed:
            if self._hub.subscribed >= self._hub.subscriptions:
                raise Full(f"there are already {self._hub.subscriptions:,} subscriptions")
            self._hub.budget.take(size(topic))
            self._hub.subscribed += 1
            self._topics.setdefault(topic, []).append(queue)
        return queue

    def unsubscribe(self, topic: str, queue: deque[bytes]) -> None:
        with self._hub.changed:
            self._hub.budget.take(-size(topic) - sum(map(size, queue)))
            self._hub.subscribed -= 1
            left = [other for other in self._topics[topic] if other is not queue]
            self._topics[topic] = left
            if not left:
                del self._topics[topic]

    def receive(self, queue: deque[bytes], wait: float) -> bytes:
        """The oldest message of a subscription, or empty if none came in time."""
        deadline = time.monotonic() + wait
        with self._hub.changed:
            while not queue:
                if not self._hub.changed.wait(max(0.0, deadline - time.monotonic())):
                    return b""
            message = queue.popleft()
            self._hub.budget.take(-size(message))
            return message


class Hub:
    """All brokers of one backend, created when they are first used. `changed` guards their state."""

    def __init__(self, wait: float, messages: int, subscriptions: int, budget: Budget) -> None:
        self.wait, self.messages, self.subscriptions, self.budget = wait, messages, subscriptions, budget
        self.closed, self.subscribed = False, 0
        # Reentrant, because a consumer may be garbage-collected, and so unsubscribed, at any moment.
        self.changed = Condition(RLock())
        self._brokers: dict[str, Broker] = {}

    def check(self) -> None:
        """Raise `connection-lost` if the backend is closed."""
        if self.closed:
            raise Err(api.MessagingError_ConnectionLost("messaging has been closed"))

    def broker(self, name: str) -> Broker:
        """The broker with this name. Raises `service-unavailable` if there is no room for another one."""
        self.check()
        with self.changed, _full(api.MessagingError_ServiceUnavailable):
            if name not in self._brokers:
                self.budget.take(size(name))
                self._brokers[name] = Broker(self)
            return self._brokers[name]


@contextmanager
def _full(case: type[api.MessagingError]) -> Iterator[None]:
    """Raise this case of the interface if there is no room."""
    try:
        yield
    except Full as full:
        raise Err(case(str(full))) from full


class Pub:
    """`resource pub`: publishes to the topics of one broker."""

    _hub: ClassVar[Hub]

    def __init__(self, name: str) -> None:
        self._broker = self._hub.broker(name)

    @classmethod
    def open(cls, name: str) -> Self:
        """A producer for the broker with this name."""
        return cls(name)

    def publish(self, msg: bytes, topic: str) -> None:
        """Raises `unsupported-message-format` for an empty message, `payload-too-large` for one that never fits,
        `delivery-failed` if there is no room for it now."""
        self._hub.check()
        if not msg:
            raise Err(api.MessagingError_UnsupportedMessageFormat("a message must have at least one byte"))
        if size(msg) > (most := self._hub.budget.limit):
            raise Err(api.MessagingError_PayloadTooLarge(f"all messages together may have at most {most:,} bytes"))
        with _full(api.MessagingError_DeliveryFailed):
            self._broker.publish(bytes(msg), topic)


class Sub:
    """`resource sub`: the subscriptions of one consumer, which end with it."""

    _hub: ClassVar[Hub]

    def __init__(self, name: str) -> None:
        self._broker = self._hub.broker(name)
        self._queues: dict[str, deque[bytes]] = {}

    @classmethod
    def open(cls, name: str) -> Self:
        """A consumer for the broker with this name."""
        return cls(name)

    def subscribe(self, topic: str) -> str:
        """A token for the messages published to the topic from now on. Raises `service-unavailable`."""
        self._hub.check()
        with _full(api.MessagingError_ServiceUnavailable):
            queue = self._broker.subscribe(topic)
        weakref.finalize(self, self._broker.unsubscribe, topic, queue).atexit = False
        token = secrets.token_urlsafe(12)
        self._queues[token] = queue
        return token

    def receive(self, sub_tok: str) -> bytes:
        """The oldest message, or empty if none comes. Raises `queue-or-topic-not-found` for an unknown token."""
        self._hub.check()
        queue = self._queues.get(sub_tok)
        if queue is None:
            raise Err(api.MessagingError_QueueOrTopicNotFound(sub_tok))
        return self._broker.receive(queue, self._hub.wait)


class MemoryMessaging:
    """`interface messaging` over one hub: the implementation for the import."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._pub = type("Pub", (Pub,), {"_hub": hub, "__doc__": Pub.__doc__})
        self._sub = type("Sub", (Sub,), {"_hub": hub, "__doc__": Sub.__doc__})

    @property
    def Pub(self) -> type[Pub]:
        """The producer's class."""
        return self._pub

    @property
    def Sub(self) -> type[Sub]:
        """The consumer's class."""
        return self._sub


class MemoryBackend:
    """Settings: `wait`, the seconds that `receive` waits for a message (0.2); and the most that there may be of
    `messages` in one subscription (10,000), `subscriptions` (10,000), and bytes of `memory` (256 MiB)."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "wait", "messages", "subscriptions", "memory")
        messages, subscriptions = count(settings, "messages", BACKLOG), count(settings, "subscriptions", SUBSCRIPTIONS)
        hub = Hub(number(settings, "wait", WAIT), messages, subscriptions, budget(settings))
        return Opened(MemoryMessaging(hub), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.hub.closed = True


backend = MemoryBackend()
