"""Topics in one stream of NATS JetStream.

A message of the topic has the subject `<stream>.<broker>.<topic>`, with names as `spelling` has them. A group, or a
subscription without one, is a consumer of the stream. The stream keeps every message; hosts remove those that no
consumer wants (see `nats_tidying`). The consumer of a subscription without a group ends when nobody has received from
it for the time `idle`.

JetStream has messages on disk when it acknowledges them, but asks the disk to flush only now and then: they survive the
end of the server, and not always that of its machine.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

from witkit.backends.backend import Backend
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.nats_client import CREDENTIALS, NATS, URL, NatsConnection, check_credentials, places
from witkit.backends.settings import SECONDS, SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .headers import NO_HEADERS, Headers, from_fields, to_fields, token, visible
from .nats_tidying import Tidying
from .protocol import AGAIN, IDLE, WAIT, Messages, Received
from .spelling import spelled
from .subscriptions import Subscriptions

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.js import JetStreamContext
    from nats.js.api import StreamInfo

LOG: Final = logging.getLogger("witkit.messages")

T = TypeVar("T")

OURS: Final = "Topics of witkit, which removes what no consumer wants any more."
"""The description of a stream whose messages are removed by hosts. Others keep theirs as they are configured."""

HEADERS: Final = 1 << 10
"""The bytes of a message that are left for its headers, however large its payload is."""

RESERVED: Final = re.compile("(?i:nats-|(status|description)$)", re.ASCII)
"""Headers that the server or its client act upon."""

FRAME: Final = 12
"""The bytes around all headers."""

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=(1 << 20) - HEADERS)
"""A message has as many bytes as the server says, which is 1 MiB without other configuration."""

SLICE: Final = 0.5
"""The seconds that one request waits for a message, so that the end of a subscription is seen soon."""

COUNTED: Final = 10_000
"""The most messages of a subscription whose attempts this process counts, too."""

FIRST: Final = 0.05
"""The seconds that the server gets at least for the answer whether there is a message."""


def _stream(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        help = "at most 64 letters, digits, `-` and `_`"
        raise wrong_setting("`stream` cannot be the name of a stream of NATS", help, "stream")


@dataclass(frozen=True, slots=True, repr=False)
class NatsSettings(BackendSettings):
    url: str = setting(
        SECRET, "The server, or several ones of a cluster with commas between them.", URL, checked=places
    )
    credentials: str = setting(SECRET, CREDENTIALS, "", checked=check_credentials)
    stream: str = setting(TEXT, "The stream, created if it does not exist.", "witkit-messages", checked=_stream)
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    idle: float = setting(SECONDS, "After how long without `receive` a subscription without a group ends.", IDLE)
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


@dataclass(slots=True)
class Subscription:
    """`pulled` is the client that the consumer was bound with, and what it receives from."""

    topic: str
    consumer: str
    is_shared: bool
    pulled: tuple[Client, Any] | None = field(default=None)
    attempts: dict[int, int] = field(default_factory=dict)

    def attempt(self, number: int, counted: int) -> int:
        """How often a message was given out. The server counts less if it had sent it to a request that was over."""
        found = max(counted, self.attempts.pop(number, 0) + 1)
        self.attempts[number] = found
        if len(self.attempts) > COUNTED:
            # Others may be done with it: the server's number has to do.
            self.attempts.pop(next(iter(self.attempts)), None)
        return found


class NatsMessages(Messages):
    """The topics of one stream."""

    limits = LIMITS
    carries_headers = True

    def __init__(self, settings: NatsSettings) -> None:
        self.wait, self._settings, self._stream = settings.wait, settings, settings.stream
        self._server = NatsConnection(settings.url, settings.timeout, settings.credentials)
        self._tidying = Tidying(settings.stream, self._server.timeout)
        self._subscriptions: Subscriptions[Subscription] = Subscriptions(self._end)
        self.location = f"{self._server.location}, stream {settings.stream}"

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        subject, fields = self._subject(broker, topic), self._fields(headers, len(message))
        try:
            self._run(lambda jetstream: jetstream.publish(subject, message, headers=fields))
        except Failure as failure:
            if failure.kind is not Kind.FULL or not self._tidying.is_needed:
                raise
            # There may be room when what is done has been removed.
            self._server.call(self._tidying.tidied)
            self._run(lambda jetstream: jetstream.publish(subject, message, headers=fields))
        self._note(len(message))

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        name = f"{broker}\0{topic}\0{group}" if group is not None else ""
        # The first letter keeps groups apart from the names of single subscriptions.
        consumer = f"s{secrets.token_hex(16)}" if group is None else f"g{spelled(name)}"
        self._run(lambda jetstream: self._consume(jetstream, consumer, self._subject(broker, topic), group is None))
        return self._subscriptions.add(Subscription(topic, consumer, group is not None))

    def receive(self, token: str, wait: float) -> Received | None:
        deadline = time.monotonic() + wait
        while True:
            found = self._subscriptions[token]
            left = deadline - time.monotonic()
            slice = max(FIRST, min(left, SLICE, self._settings.timeout / 2))
            if (received := self._within(token, found, slice)) is not None:
                return received
            self._subscriptions[token]
            if left <= slice:
                return None

    def acknowledge(self, token: str, received: Received) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            reply, number = received.receipt
            self._answer(reply, b"+ACK")
            found.attempts.pop(number, None)
            self._note(len(received.message))

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        if self._subscriptions.get(token) is not None:
            self._answer(received.receipt[0], b'-NAK {"delay": %d}' % (delay * 1e9) if delay else b"-NAK")

    def unsubscribe(self, token: str) -> None:
        self._subscriptions.end(token)

    def check(self) -> None:
        """Read what the server's limits are."""
        self._subscriptions.expect_open()
        self._server.call(partial(self._looked, changes=False))

    def prepare(self) -> None:
        """Create the stream if it does not exist, or bring that of an earlier witkit up to date."""
        self._subscriptions.expect_open()
        self._server.call(partial(self._looked, changes=True))

    def close(self) -> None:
        """End the subscriptions of this process that have no group."""
        if self._subscriptions.close():
            if self._tidying.is_needed:
                with suppress(Failure):
                    self._server.call(self._tidying.tidied)
            self._server.close()

    def _end(self, subscription: Subscription) -> None:
        if not subscription.is_shared:
            self._server.call(lambda client: client.jetstream().delete_consumer(self._stream, subscription.consumer))
            self._note()

    def _note(self, size: int = 0) -> None:
        """Remove what is done from time to time."""
        if self._tidying.noted(size):
            self._server.begin(self._tidying.tidied)

    def _run(self, work: Callable[[JetStreamContext], Coroutine[Any, Any, T]]) -> T:
        self._subscriptions.expect_open()
        return self._server.call(lambda client: work(client.jetstream(timeout=self._server.timeout)))

    def _within(self, token: str, subscription: Subscription, seconds: float) -> Received | None:
        try:
            return self._server.call(lambda client: self._next(client, subscription, seconds))
        except Failure as failure:
            # `close` takes the connection of calls that wait away, and `unsubscribe` the consumer.
            self._subscriptions[token]
            if failure.kind is Kind.IO:
                raise Failure(Kind.MISSING, token) from failure
            raise

    def _answer(self, receipt: str, word: bytes) -> None:
        """Answer the server for a message, and wait until it has heard that."""
        self._server.call(lambda client: client.request(receipt, word, timeout=self._server.timeout))

    async def _looked(self, client: Client, *, changes: bool) -> None:
        """Read the limits of the stream, if there is one."""
        from nats.js.api import RetentionPolicy, StreamConfig
        from nats.js.errors import NotFoundError

        jetstream = client.jetstream(timeout=self._server.timeout)
        try:
            info = await jetstream.stream_info(self._stream)
        except NotFoundError:
            if not changes:
                return
            config = StreamConfig(self._stream, OURS, [f"{self._stream}.>"], RetentionPolicy.LIMITS)
            info = await jetstream.add_stream(config)
        if changes and info.config.retention == RetentionPolicy.INTEREST:
            info = await self._changed(jetstream, info)
        self._tidying.is_allowed = info.config.description == OURS
        sizes = [client.max_payload, info.config.max_msg_size or -1]
        self.limits = replace(LIMITS, value=min(size for size in sizes if size > 0) - HEADERS)

    async def _changed(self, jetstream: JetStreamContext, info: StreamInfo) -> StreamInfo:
        """A stream of an earlier witkit, which dropped messages by itself, as one that does not."""
        from nats.js.api import RetentionPolicy
        from nats.js.errors import APIError

        if info.config.description is not None or info.config.subjects != [f"{self._stream}.>"]:
            return info
        try:
            return await jetstream.update_stream(info.config, retention=RetentionPolicy.LIMITS, description=OURS)
        except APIError as refused:
            LOG.debug("stream %s stays as it is: %s", self._stream, refused)
            LOG.warning(
                "the stream `%s` is by an earlier witkit, and this server cannot change it: if the server crashes, "
                "groups can lose messages; docs/capabilities/messaging.md says how to move to a new stream",
                self._stream,
            )
            return info

    async def _consume(self, jetstream: JetStreamContext, consumer: str, subject: str, is_single: bool) -> None:
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
        from nats.js.errors import NotFoundError

        try:
            await jetstream.consumer_info(self._stream, consumer)
        except NotFoundError:
            config = ConsumerConfig(
                durable_name=consumer,
                filter_subject=subject,
                deliver_policy=DeliverPolicy.NEW,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=max(self._settings.again, 0.001),
                max_ack_pending=-1,
                inactive_threshold=max(self._settings.idle, 0.001) if is_single else None,
            )
            await jetstream.add_consumer(self._stream, config)

    async def _next(self, client: Client, subscription: Subscription, seconds: float) -> Received | None:
        """The next message, or None if none comes within `seconds`."""
        from nats.errors import TimeoutError as NothingCame

        if subscription.pulled is None or subscription.pulled[0] is not client:
            jetstream = client.jetstream(timeout=self._server.timeout)
            # Without that it would ask for a consumer that has ended without an answer.
            await jetstream.consumer_info(self._stream, subscription.consumer)
            bound = await jetstream.pull_subscribe_bind(subscription.consumer, self._stream)
            subscription.pulled = client, bound
        try:
            (message,) = await subscription.pulled[1].fetch(1, timeout=seconds)
        except NothingCame:
            return None
        headers = from_fields((message.headers or {}).items(), RESERVED, unquote)
        number = message.metadata.sequence.stream
        attempt = subscription.attempt(number, message.metadata.num_delivered or 1)
        return Received(subscription.topic, message.data, (message.reply, number), attempt, headers)

    def _fields(self, headers: Headers, size: int) -> dict[str, str] | None:
        """The headers as the server carries them, beside a payload of `size` bytes. Raises Failure."""
        if not headers:
            return None
        fields = dict(to_fields(headers, RESERVED, token, visible))
        taken, most = sum(len(name) + len(value) + 4 for name, value in fields.items()), self.limits.value
        if most is not None and size + taken > most + HEADERS - FRAME:
            raise Failure(Kind.INVALID_VALUE, f"the message and its headers have more than {most + HEADERS:,} bytes")
        return fields

    def _subject(self, broker: str, topic: str) -> str:
        return f"{self._stream}.{spelled(broker)}.{spelled(topic)}"


backend = Backend("A stream of NATS JetStream.", NatsMessages, NatsSettings, LIMITS, NATS)
