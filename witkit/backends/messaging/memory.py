"""Topics in the memory of this process, for programs with one process and for experiments."""

from __future__ import annotations

import itertools
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from threading import Condition, RLock

from witkit.backends.backend import Backend
from witkit.backends.budget import MEMORY, ByteBudget, Full, size
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, SECONDS, BackendSettings, setting

from .headers import NO_HEADERS, Headers
from .protocol import AGAIN, WAIT, Messages, Received, closed


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(BackendSettings):
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    messages: int = setting(COUNT, "The most messages that one subscription holds.", 10_000)
    subscriptions: int = setting(COUNT, "The most subscriptions at a time.", 10_000)
    memory: int = setting(COUNT, "The most bytes that all messages and topics may take.", MEMORY)


@dataclass(frozen=True, slots=True)
class KeptMessage:
    message: bytes
    headers: Headers

    @property
    def cost(self) -> int:
        """The room that it takes."""
        return size(self.message, *self.headers.texts) if self.headers else size(self.message)


@dataclass(slots=True)
class Given:
    """A message that was given out. Somebody has it or will get it again when it is `due`."""

    message: KeptMessage
    attempt: int
    due: float
    is_held: bool = True


@dataclass(slots=True)
class Queue:
    """The messages of a group, or of a subscription without one: those nobody has had, and by number the others."""

    broker: str
    topic: str
    group: str | None
    waiting: deque[KeptMessage] = field(default_factory=deque)
    given: dict[int, Given] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """How many messages take room."""
        return len(self.waiting) + len(self.given)

    @property
    def cost(self) -> int:
        """The room that it takes, with its messages."""
        given = sum(each.message.cost for each in self.given.values())
        return size(self.topic, self.group or "") + sum(each.cost for each in self.waiting) + given

    def due(self) -> float:
        """When a message that was given out can be had again."""
        return min((each.due for each in self.given.values()), default=float("inf"))

    def take(self, numbers: itertools.count[int], again: float) -> Received | None:
        """The oldest message that can be had now."""
        now = time.monotonic()
        number = min((number for number, each in self.given.items() if each.due <= now), default=None)
        if number is None:
            if not self.waiting:
                return None
            number = next(numbers)
            self.given[number] = Given(self.waiting.popleft(), 0, 0)
        found = self.given[number]
        found.attempt, found.due, found.is_held = found.attempt + 1, now + again, True
        message = found.message
        return Received(self.topic, message.message, (number, found.attempt), found.attempt, message.headers)


class MemoryMessages(Messages):
    """All brokers. Only their subscriptions and groups take room."""

    limits = Limits()
    carries_headers = True
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self.wait, self._settings = settings.wait, settings
        self._budget, self._closed = ByteBudget(settings.memory), False
        # Reentrant, because a subscription may end at any moment, when a consumer is collected.
        self._changed = Condition(RLock())
        self._subscriptions: dict[str, Queue] = {}
        self._topics: dict[tuple[str, str], list[Queue]] = {}
        self._numbers = itertools.count()

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        made = KeptMessage(message, headers)
        if (cost := made.cost) > (most := self._budget.limit):
            raise Failure(Kind.INVALID_VALUE, f"all messages together may have at most {most:,} bytes")
        with self._changed:
            self._expect_open()
            found = self._topics.get((broker, topic), [])
            if any(each.held >= self._settings.messages for each in found):
                raise Full(f"a subscription of the topic already holds {self._settings.messages} messages")
            self._budget.take(cost * len(found))
            for each in found:
                each.waiting.append(made)
            self._changed.notify_all()

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        with self._changed:
            self._expect_open()
            if len(self._subscriptions) >= self._settings.subscriptions:
                raise Full(f"there are already {self._settings.subscriptions:,} subscriptions")
            token = secrets.token_urlsafe(12)
            self._subscriptions[token] = self._queue(broker, topic, group)
            return token

    def receive(self, token: str, wait: float) -> Received | None:
        deadline = time.monotonic() + wait
        with self._changed:
            while True:
                queue = self._subscription(token)
                if (found := queue.take(self._numbers, self._settings.again)) is not None:
                    return found
                if (left := deadline - time.monotonic()) <= 0:
                    return None
                self._changed.wait(min(left, max(0.0, queue.due() - time.monotonic())))

    def acknowledge(self, token: str, received: Received) -> None:
        with self._changed:
            if (queue := self._having(token, received)) is not None:
                done = queue.given.pop(received.receipt[0])
                self._budget.take(-done.message.cost)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        with self._changed:
            if (queue := self._having(token, received)) is not None:
                found = queue.given[received.receipt[0]]
                found.is_held, found.due = False, time.monotonic() + delay
                self._changed.notify_all()

    def unsubscribe(self, token: str) -> None:
        with self._changed:
            if (found := self._subscriptions.pop(token, None)) is None:
                return
            if found.group is None:
                self._forget(found)
            self._changed.notify_all()

    def check(self) -> None:
        with self._changed:
            self._expect_open()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _queue(self, broker: str, topic: str, group: str | None) -> Queue:
        """The queue of the group, or a new one."""
        known = self._topics.get((broker, topic), [])
        for each in known:
            if group is not None and each.group == group:
                return each
        made = Queue(broker, topic, group)
        self._budget.take(made.cost)
        # A new list, because `publish` may be walking through the old one.
        self._topics[broker, topic] = [*known, made]
        return made

    def _forget(self, queue: Queue) -> None:
        self._budget.take(-queue.cost)
        left = [each for each in self._topics.pop((queue.broker, queue.topic)) if each is not queue]
        if left:
            self._topics[queue.broker, queue.topic] = left

    def _subscription(self, token: str) -> Queue:
        self._expect_open()
        if token not in self._subscriptions:
            raise Failure(Kind.MISSING, token)
        return self._subscriptions[token]

    def _having(self, token: str, received: Received) -> Queue | None:
        """The queue of a message that the caller still has, or None."""
        self._expect_open()
        queue = self._subscriptions.get(token)
        number, attempt = received.receipt
        found = None if queue is None else queue.given.get(number)
        return queue if found is not None and found.is_held and found.attempt == attempt else None

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()


backend = Backend("Topics in the memory of this process.", MemoryMessages, MemorySettings)
