"""Topics in Kafka: a topic for each topic, and a group of consumers for each group.

A topic is `<prefix>.<broker>.<topic>`, and a group `<prefix>.<broker>.<group>`, with names as `spelling` has them. The
messages of one publisher go to one partition, which keeps their order, unless `ordered` is false.

Kafka keeps for a group how far it is in a partition, not which messages are done, and cannot give a message back: the
process that has the partition keeps it until it comes again. `kafka_progress` has what Kafka keeps beside the offset,
so that a process that gets the partition later knows the same.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from threading import Lock
from typing import Final

from witkit.backends.backend import Backend
from witkit.backends.errors import wrong_setting
from witkit.backends.limits import Limits
from witkit.backends.settings import FLAG, SECONDS, SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .headers import NO_HEADERS, Headers
from .kafka_client import KAFKA, URL, Cluster, failures, read
from .kafka_headers import fields_of
from .kafka_inbox import Inbox
from .kafka_reader import KafkaReader
from .protocol import AGAIN, WAIT, Messages, Received, is_for_replies
from .spelling import spelled_for_kafka as spelled
from .subscriptions import Subscriptions

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=1_000_000)

SLICE: Final = 0.2
"""The seconds after which `receive` looks whether its subscription has ended."""

REPLIES: Final = "-replies"
"""In place of a topic: no topic is spelled so."""

MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")

_PREFIX: Final = re.compile("[A-Za-z0-9-]{1,60}")


def _mechanism(name: str) -> None:
    if name not in MECHANISMS:
        raise wrong_setting(f"`mechanism` must be one of {', '.join(MECHANISMS)}", setting="mechanism")


def _prefix(text: str) -> None:
    if not _PREFIX.fullmatch(text):
        raise wrong_setting("`prefix` must be at most 60 letters, digits and `-`", setting="prefix")


@dataclass(frozen=True, slots=True, repr=False)
class KafkaSettings(BackendSettings):
    url: str = setting(SECRET, "The cluster, with user and password and one or more hosts.", URL, checked=read)
    mechanism: str = setting(
        TEXT, f"How the password is checked: {', '.join(MECHANISMS)}.", "PLAIN", checked=_mechanism
    )
    prefix: str = setting(TEXT, "What the names of all topics and groups begin with.", "witkit", checked=_prefix)
    ordered: bool = setting(FLAG, "Whether the messages of one publisher keep their order.", True)
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    session: float = setting(TIME_LIMIT, "After how long without a sign of life others get a process's messages.", 10.0)
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


@dataclass(frozen=True, slots=True)
class Subscription:
    topic: str
    group: str | None
    reader: KafkaReader
    inbox: Inbox


class KafkaMessages(Messages):
    """The topics of one cluster."""

    limits = LIMITS
    carries_headers = True

    def __init__(self, settings: KafkaSettings) -> None:
        self.wait, self._settings = settings.wait, settings
        self._server = Cluster(settings.url, settings.mechanism, settings.timeout)
        self._key = secrets.token_bytes(8) if settings.ordered else None
        self._lock, self._readers, self._replies = Lock(), dict[str | None, KafkaReader](), set[str]()
        self._subscriptions: Subscriptions[Subscription] = Subscriptions(self._end)
        self.location = self._server.location

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        self._subscriptions.expect_open()
        name, mark = self._place(broker, topic)
        self._server.send(name, message, self._key, fields_of(headers, mark))

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        self._subscriptions.expect_open()
        shared = None if group is None else self._name(broker, group)
        with self._lock, failures():
            reader = self._readers.get(shared)
            if reader is None:
                name = f"{self._settings.prefix}-{secrets.token_hex(8)}"
                reader = self._readers[shared] = KafkaReader(
                    self._server, shared, name, self._settings.again, self._settings.session
                )
            name, mark = self._place(broker, topic) if group is None else (self._name(broker, topic), None)
            if mark is not None and name not in self._replies:
                reader.add(name, "")  # Gets no message: the next requests need not wait until the topic is read.
                self._replies.add(name)
            inbox = reader.add(name, mark)
        return self._subscriptions.add(Subscription(topic, shared, reader, inbox))

    def receive(self, token: str, wait: float) -> Received | None:
        deadline = time.monotonic() + wait
        while True:
            found = self._subscriptions[token]
            left = deadline - time.monotonic()
            if (entry := found.reader.take(found.inbox, min(left, SLICE))) is not None:
                receipt = entry.place, entry.attempt
                return Received(found.topic, entry.message, receipt, entry.attempt, entry.headers)
            if left <= 0:
                self._server.expect_well()
                return None

    def acknowledge(self, token: str, received: Received) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            found.reader.acknowledge(found.inbox, received.receipt)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            found.reader.give_back(found.inbox, received.receipt, delay)

    def unsubscribe(self, token: str) -> None:
        self._subscriptions.end(token)

    def check(self) -> None:
        """Ask the cluster for its topics."""
        self._subscriptions.expect_open()
        self._server.reach()

    def close(self) -> None:
        """End the subscriptions of this process, and report to the cluster what is done."""
        if self._subscriptions.close():
            with self._lock:
                readers, self._readers = list(self._readers.values()), {}
            for reader in readers:
                reader.stop()

    def _end(self, subscription: Subscription) -> None:
        subscription.reader.begin(subscription.inbox)
        with self._lock:
            if not subscription.reader.remove(subscription.inbox):
                return
            self._readers.pop(subscription.group, None)
        subscription.reader.stop()

    def _place(self, broker: str, topic: str) -> tuple[str, str | None]:
        """The topic of Kafka for a topic, and the mark of its messages if it shares that with others."""
        if is_for_replies(topic):
            return f"{self._settings.prefix}.{spelled(broker)}.{REPLIES}", topic
        return self._name(broker, topic), None

    def _name(self, broker: str, name: str) -> str:
        return f"{self._settings.prefix}.{spelled(broker)}.{spelled(name)}"


backend = Backend("Topics of a Kafka cluster.", KafkaMessages, KafkaSettings, LIMITS, KAFKA)
