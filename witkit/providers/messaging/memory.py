"""Topics in this process's memory: for programs of one process, and for trying things out."""

from __future__ import annotations

import secrets
import time
import weakref
from collections import deque
from threading import Condition
from typing import ClassVar, Self

from witkit.abi import Err
from witkit.interfaces.messaging import messaging as api
from witkit.providers.base import Opened, Settings, number, only

WAIT = 0.2
"""Seconds that `receive` waits for a message where no `wait` is set."""

BACKLOG = 10_000
"""Messages that one subscription holds."""


class Broker:
    """The topics of one name: for each the queues of its subscriptions."""

    def __init__(self) -> None:
        self._topics: dict[str, list[deque[bytes]]] = {}
        self._changed = Condition()

    def publish(self, message: bytes, topic: str) -> bool:
        """Whether every subscription took the message; where one is full, none gets it."""
        with self._changed:
            queues = self._topics.get(topic, [])
            if any(len(queue) >= BACKLOG for queue in queues):
                return False
            for queue in queues:
                queue.append(message)
            self._changed.notify_all()
            return True

    def subscribe(self, topic: str) -> deque[bytes]:
        queue: deque[bytes] = deque()
        with self._changed:
            self._topics.setdefault(topic, []).append(queue)
        return queue

    def unsubscribe(self, topic: str, queue: deque[bytes]) -> None:
        with self._changed:
            left = [other for other in self._topics[topic] if other is not queue]
            self._topics[topic] = left
            if not left:
                del self._topics[topic]

    def receive(self, queue: deque[bytes], wait: float) -> bytes:
        """The oldest message of a subscription; empty where none came in time."""
        deadline = time.monotonic() + wait
        with self._changed:
            while not queue:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    return b""
            return queue.popleft()


class Hub:
    """All brokers of one provider, made as they are asked for."""

    def __init__(self, wait: float) -> None:
        self.wait, self.closed = wait, False
        self._brokers: dict[str, Broker] = {}

    def check(self) -> None:
        """Raises `connection-lost` once the provider is closed."""
        if self.closed:
            raise Err(api.MessagingError_ConnectionLost("messaging has been closed"))

    def broker(self, name: str) -> Broker:
        self.check()
        return self._brokers.setdefault(name, Broker())


class Pub:
    """`resource pub`: publishes to the topics of one broker."""

    _hub: ClassVar[Hub]

    def __init__(self, name: str) -> None:
        self._broker = self._hub.broker(name)

    @classmethod
    def open(cls, name: str) -> Self:
        """A producer for the broker of this name."""
        return cls(name)

    def publish(self, msg: bytes, topic: str) -> None:
        """Raises `unsupported-message-format` for an empty message, `delivery-failed` where a subscription is full."""
        self._hub.check()
        if not msg:
            raise Err(api.MessagingError_UnsupportedMessageFormat("a message has at least one byte"))
        if not self._broker.publish(bytes(msg), topic):
            full = f"a subscription of the topic holds {BACKLOG} messages that nobody takes"
            raise Err(api.MessagingError_DeliveryFailed(full))


class Sub:
    """`resource sub`: the subscriptions of one consumer, which end with it."""

    _hub: ClassVar[Hub]

    def __init__(self, name: str) -> None:
        self._broker = self._hub.broker(name)
        self._queues: dict[str, deque[bytes]] = {}

    @classmethod
    def open(cls, name: str) -> Self:
        """A consumer for the broker of this name."""
        return cls(name)

    def subscribe(self, topic: str) -> str:
        """A token for the messages that are published to the topic from now on."""
        self._hub.check()
        queue = self._broker.subscribe(topic)
        weakref.finalize(self, self._broker.unsubscribe, topic, queue).atexit = False
        token = secrets.token_urlsafe(12)
        self._queues[token] = queue
        return token

    def receive(self, sub_tok: str) -> bytes:
        """The oldest message, empty where none comes. Raises `queue-or-topic-not-found` for an unknown token."""
        self._hub.check()
        queue = self._queues.get(sub_tok)
        if queue is None:
            raise Err(api.MessagingError_QueueOrTopicNotFound(sub_tok))
        return self._broker.receive(queue, self._hub.wait)


class Memory:
    """`interface messaging` over one hub: what the import of a component is given."""

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


class MemoryProvider:
    """Setting `wait`: the seconds that `receive` waits for a message, 0.2 by default."""

    def open(self, settings: Settings) -> Opened:
        only(settings, "wait")
        return Opened(Memory(Hub(number(settings, "wait", WAIT))), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.hub.closed = True


provider = MemoryProvider()
