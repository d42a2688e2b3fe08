"""Topics in RabbitMQ: one direct exchange, and a durable queue for each group.

A message of the topic has the routing key `<broker>.<topic>`, with names as `spelling` has them. The queue of a group
is a quorum queue, which counts how often a message was given out; that of a subscription without a group is a classic
one, which ends when nobody has received from it for the time `idle`. Publishing waits until the broker has the message.

RabbitMQ cannot give a message back for later, and knows no time for one message: this process keeps it until then. If
the process or its connection ends, the broker gives the message to somebody else at once.
"""

from __future__ import annotations

import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from witkit.backends.backend import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import SECONDS, SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .headers import CONTENT_TYPE, CORRELATION, NO_HEADERS, REPLY_TO, Headers, from_fields, printable, to_fields
from .protocol import AGAIN, IDLE, WAIT, Messages, Received
from .rabbitmq_client import RABBITMQ, URL, RabbitmqConnection, place
from .spelling import spelled, unspelled
from .subscriptions import Subscriptions, polled

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=1 << 24)

RESERVED: Final = re.compile("(?i:x-|b?cc$)", re.ASCII)
"""Headers that the broker sets or acts upon."""

NAME: Final = 255
"""The most bytes of a name in AMQP."""

_NOT_FOUND: Final = 404

CARE: Final = 1.0
"""The seconds between two looks at what has to go back, and at the heartbeats of the broker."""


@dataclass(frozen=True, slots=True, repr=False)
class RabbitmqSettings(BackendSettings):
    url: str = setting(SECRET, "The server, with user, password and virtual host.", URL, checked=place)
    prefix: str = setting(TEXT, "What the names of the exchange and of all queues begin with.", "witkit")
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    idle: float = setting(SECONDS, "After how long without `receive` a subscription without a group ends.", IDLE)
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


@dataclass(slots=True)
class Given:
    """A message that was given out: it goes back when it is `due`. Nobody has it any more if it was given back."""

    due: float
    is_held: bool = True


@dataclass(slots=True)
class Subscription:
    """`given` has what was given out by the numbers of deliveries, `attempts` how often by the names of messages."""

    broker: str
    topic: str
    queue: str
    is_shared: bool
    channel: Any = None
    given: dict[int, Given] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)


class RabbitmqMessages(Messages):
    """The topics of one exchange. One connection publishes and another one receives."""

    limits = LIMITS
    carries_headers = True

    def __init__(self, settings: RabbitmqSettings) -> None:
        self.wait, self._settings = settings.wait, settings
        self._exchange = f"{settings.prefix}-messages"
        self._out, self._in = (RabbitmqConnection(settings.url, settings.timeout) for _ in range(2))
        self._publishing: Any = None
        self._all: list[Subscription] = []
        self._subscriptions: Subscriptions[Subscription] = Subscriptions(self._end, self._care, CARE)
        self.location = self._out.location

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        self._subscriptions.expect_open()
        properties = _properties(broker, headers)
        self._out.call(lambda connection: self._send(connection, _key(broker, topic), message, properties))

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        self._subscriptions.expect_open()
        shared = spelled("\0".join((broker, topic, group or "")))
        # The first letter keeps groups apart from the names of single subscriptions.
        member = f"s{secrets.token_hex(16)}" if group is None else f"g{shared}"
        made = Subscription(broker, topic, f"{self._settings.prefix}.{member}", group is not None)
        self._in.call(lambda connection: self._declare(connection, made, _key(broker, topic)))
        self._all.append(made)
        return self._subscriptions.add(made)

    def receive(self, token: str, wait: float) -> Received | None:
        return polled(lambda: self._taken(token), wait)

    def acknowledge(self, token: str, received: Received) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            self._in.call(lambda _: self._done(found, received))

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            self._in.call(lambda _: self._returned(found, received, delay))

    def unsubscribe(self, token: str) -> None:
        self._subscriptions.end(token)

    def check(self) -> None:
        self._subscriptions.expect_open()
        self._out.call(self._looked)

    def prepare(self) -> None:
        """Create the exchange if it does not exist."""
        self._subscriptions.expect_open()
        self._out.call(self._opened)

    def close(self) -> None:
        """End the subscriptions of this process that have no group."""
        if self._subscriptions.close():
            self._out.close()
            self._in.close()

    def _looked(self, connection: Any) -> None:
        """Ask for the exchange, which may not exist yet."""
        from pika.exceptions import ChannelClosedByBroker

        channel = connection.channel()
        try:
            channel.exchange_declare(self._exchange, passive=True)
        except ChannelClosedByBroker as refused:
            if refused.reply_code != _NOT_FOUND:
                raise
        else:
            channel.close()

    def _opened(self, connection: Any) -> Any:
        """The channel for publishing."""
        if self._publishing is None or not self._publishing.is_open or self._publishing.connection is not connection:
            self._publishing = connection.channel()
            self._publishing.exchange_declare(self._exchange, "direct", durable=True)
            self._publishing.confirm_delivery()
        return self._publishing

    def _send(self, connection: Any, key: str, message: bytes, properties: Any) -> None:
        self._opened(connection).basic_publish(self._exchange, key, message, properties)

    def _declare(self, connection: Any, subscription: Subscription, key: str) -> None:
        kinds: dict[str, Any] = {"x-queue-type": "quorum"}
        if not subscription.is_shared:
            kinds = {"x-expires": max(1, round(self._settings.idle * 1000))}
        channel = subscription.channel = connection.channel()
        channel.exchange_declare(self._exchange, "direct", durable=True)
        channel.queue_declare(subscription.queue, durable=True, arguments=kinds)
        channel.queue_bind(subscription.queue, self._exchange, key)

    def _taken(self, token: str) -> Received | None:
        found = self._subscriptions[token]
        try:
            return self._in.call(lambda connection: self._next(connection, found))
        except Failure:
            # `close` takes the connection of calls that wait away.
            self._subscriptions[token]
            raise

    def _next(self, connection: Any, subscription: Subscription) -> Received | None:
        if not subscription.channel.is_open or subscription.channel.connection is not connection:
            # The broker has given to others what was given out over the lost connection.
            subscription.channel = connection.channel()
            subscription.given.clear()
        _return_due(subscription)
        method, properties, message = subscription.channel.basic_get(subscription.queue)
        if method is None:
            return None
        subscription.given[method.delivery_tag] = Given(time.monotonic() + self._settings.again)
        receipt = (subscription.channel, method.delivery_tag, properties.message_id)
        attempt, headers = _attempt(subscription, properties), _headers(subscription.broker, properties)
        return Received(subscription.topic, message, receipt, attempt, headers)

    def _done(self, subscription: Subscription, received: Received) -> None:
        channel, number, name = received.receipt
        if _is_held(subscription, channel, number):
            channel.basic_ack(number)
            del subscription.given[number]
            subscription.attempts.pop(name, None)

    def _returned(self, subscription: Subscription, received: Received, delay: float) -> None:
        channel, number, _ = received.receipt
        if _is_held(subscription, channel, number):
            subscription.given[number] = Given(time.monotonic() + delay, is_held=False)
            _return_due(subscription)

    def _end(self, subscription: Subscription) -> None:
        self._all.remove(subscription)
        self._in.call(lambda connection: self._forgotten(connection, subscription))

    def _forgotten(self, connection: Any, subscription: Subscription) -> None:
        if subscription.channel.is_open:
            subscription.channel.close()
        if not subscription.is_shared:
            channel = connection.channel()
            channel.queue_delete(subscription.queue)
            channel.close()

    def _care(self) -> None:
        """Give back what is due, and answer heartbeats."""
        for subscription in tuple(self._all):
            if subscription.given:
                self._in.call(partial(_return_due, subscription))
        with suppress(Failure):
            self._out.care()
        self._in.care()


def _return_due(subscription: Subscription, _: Any = None) -> None:
    now = time.monotonic()
    if subscription.channel.is_open:
        for number in [number for number, each in subscription.given.items() if each.due <= now]:
            subscription.channel.basic_nack(number, requeue=True)
            del subscription.given[number]


def _is_held(subscription: Subscription, channel: Any, number: int) -> bool:
    found = subscription.given.get(number)
    return found is not None and found.is_held and channel is subscription.channel and channel.is_open


def _attempt(subscription: Subscription, properties: Any) -> int:
    """How often a message was given out. Only the broker knows that of a group, and only this process of the others."""
    if subscription.is_shared:
        return int((properties.headers or {}).get("x-delivery-count", 0)) + 1
    count = subscription.attempts[properties.message_id] = subscription.attempts.get(properties.message_id, 0) + 1
    return count


def _properties(broker: str, headers: Headers) -> Any:
    """What AMQP has beside a message: `reply_to` is a routing key of the exchange. Raises Failure."""
    from pika import BasicProperties

    properties = BasicProperties(delivery_mode=2, message_id=secrets.token_hex(8))
    if headers:
        fields = dict(to_fields(replace(headers, content_type=None), RESERVED))
        if any(len(name.encode()) > NAME for name in fields):
            raise Failure(Kind.INVALID_VALUE, f"the server takes no name of more than {NAME} bytes in metadata")
        if headers.content_type is not None:
            properties.content_type = printable(headers.content_type)
        if headers.reply_to is not None:
            properties.reply_to = _key(broker, headers.reply_to)
            if unspelled(spelled(headers.reply_to)) is not None:
                del fields[REPLY_TO]  # The routing key says it.
        if fields.pop(CORRELATION, None) is not None:
            # As it is, so that who has sent a request finds its own in the reply.
            properties.correlation_id = headers.metadata[CORRELATION]
            if len(properties.correlation_id.encode()) > NAME:
                raise Failure(Kind.INVALID_VALUE, f"the server takes no `{CORRELATION}` of more than {NAME} bytes")
        properties.headers = fields or None
    return properties


def _headers(broker: str, properties: Any) -> Headers:
    values = (properties.headers or {}).items()
    texts = [(name, str(value)) for name, value in values if isinstance(value, str | int | float)]
    if properties.content_type is not None:
        texts.append((CONTENT_TYPE, unquote(properties.content_type)))
    if isinstance(properties.correlation_id, str):
        texts.append((CORRELATION, properties.correlation_id))
    start, _, topic = (properties.reply_to or "").rpartition(".")
    if start == spelled(broker) and (found := unspelled(topic)) is not None:
        texts.append((REPLY_TO, found))
    return from_fields(texts, RESERVED)


def _key(broker: str, topic: str) -> str:
    return f"{spelled(broker)}.{spelled(topic)}"


backend = Backend("Queues of a RabbitMQ broker.", RabbitmqMessages, RabbitmqSettings, LIMITS, RABBITMQ)
