"""Topics in Redis: a stream with one group of consumers for each queue.

A group, or a subscription without one, is a queue: the stream `<prefix><broker>:<topic>:<member>` has its messages. The
set `<prefix><broker>:<topic>` has the queues of a topic, and publishing adds a message to all of them in one step. A
sorted set beside each stream has the messages that were given out, with the time when they can be received again.
In names, `:` is `%3A` and `%` is `%25`.

The queue of a subscription without a group ends when nobody has received from it for the time `idle`.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from witkit.backends import redis_url
from witkit.backends.backend import Backend
from witkit.backends.budget import Full
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.redis_client import REDIS, URL, client, failures, location
from witkit.backends.settings import COUNT, SECONDS, SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .headers import NO_HEADERS, Headers, from_fields, to_fields
from .protocol import AGAIN, IDLE, WAIT, Messages, Received
from .subscriptions import Subscriptions

if TYPE_CHECKING:
    from redis import Redis

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=1 << 25)

SLICE: Final = 0.2
"""The seconds that one command waits for a message, so that the end of a subscription is seen soon."""

MESSAGES: Final = 100_000

MESSAGE: Final = b"message"
"""The field with the payload of a message. The others are its headers."""

RESERVED: Final = re.compile("message$")

PUBLISH: Final = """
local queues = redis.call('SMEMBERS', KEYS[1])
local there = {}
for _, queue in ipairs(queues) do
    local held = redis.call('EXISTS', queue) == 1 and redis.call('XLEN', queue)
    if not held then
        redis.call('SREM', KEYS[1], queue)
    elseif held >= tonumber(ARGV[2]) then
        return 0
    else
        there[#there + 1] = queue
    end
end
for _, queue in ipairs(there) do
    redis.call('XADD', queue, '*', 'message', ARGV[1], unpack(ARGV, 3))
end
return 1
"""

SUBSCRIBE: Final = """
if redis.call('EXISTS', KEYS[2]) == 0 then
    redis.call('XGROUP', 'CREATE', KEYS[2], 'consumers', '$', 'MKSTREAM')
end
redis.call('SADD', KEYS[1], KEYS[2])
if ARGV[1] ~= '0' then
    redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
"""

TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('EXISTS', KEYS[1]) == 0 then
    return 'gone'
end
if ARGV[2] ~= '0' then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
local id, fields = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1)[1], nil
while id and not fields do
    local found = redis.call('XRANGE', KEYS[1], id, id)
    fields = found[1] and found[1][2]
    if not fields then
        -- Somebody has removed it from the stream.
        redis.call('XACK', KEYS[1], 'consumers', id)
        redis.call('ZREM', KEYS[2], id)
        redis.call('HDEL', KEYS[3], id)
        id = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1)[1]
    end
end
if not id then
    local found = redis.call('XREADGROUP', 'GROUP', 'consumers', 'witkit', 'COUNT', 1, 'STREAMS', KEYS[1], '>')
    if found then
        id, fields = found[1][2][1][1], found[1][2][1][2]
    end
end
if not id then
    local next = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
    local stream = redis.call('XINFO', 'STREAM', KEYS[1])
    for at = 1, #stream, 2 do
        if stream[at] == 'last-generated-id' then
            return {'', stream[at + 1], next[2] and math.max(0, next[2] - now) or -1}
        end
    end
end
redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[1]), id)
local attempt = redis.call('HINCRBY', KEYS[3], id, 1)
if ARGV[2] ~= '0' then
    redis.call('PEXPIRE', KEYS[2], ARGV[2])
    redis.call('PEXPIRE', KEYS[3], ARGV[2])
end
return {'message', id, attempt, fields}
"""

ACKNOWLEDGE: Final = """
if redis.call('HGET', KEYS[3], ARGV[1]) == ARGV[2] then
    redis.call('XACK', KEYS[1], 'consumers', ARGV[1])
    redis.call('XDEL', KEYS[1], ARGV[1])
    redis.call('ZREM', KEYS[2], ARGV[1])
    redis.call('HDEL', KEYS[3], ARGV[1])
end
"""

GIVE_BACK: Final = """
if redis.call('HGET', KEYS[3], ARGV[1]) == ARGV[2] then
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', now + ARGV[3]), ARGV[1])
end
"""


@dataclass(frozen=True, slots=True, repr=False)
class RedisSettings(BackendSettings):
    url: str = setting(
        SECRET, "The server, with user, password and number of the database.", URL, checked=redis_url.checked
    )
    prefix: str = setting(TEXT, "What all keys in Redis begin with.", "%messages:")
    wait: float = setting(SECONDS, "How long `receive` waits for a message.", WAIT)
    again: float = setting(SECONDS, "After how long a message without acknowledgement is received again.", AGAIN)
    idle: float = setting(SECONDS, "After how long without `receive` a subscription without a group ends.", IDLE)
    messages: int = setting(COUNT, "The most messages that one subscription or group holds.", MESSAGES)
    timeout: float = setting(TIME_LIMIT, "How long the server may take for an answer.", 5.0)


@dataclass(frozen=True, slots=True)
class Subscription:
    topic: str
    topic_key: str
    queue: str
    is_shared: bool

    @property
    def keys(self) -> list[str]:
        """The stream, the times of what was given out, and how often it was."""
        return [self.queue, f"{self.queue}:due", f"{self.queue}:attempts"]


class RedisMessages(Messages):
    """The topics of one database of Redis."""

    limits = LIMITS
    carries_headers = True

    def __init__(self, settings: RedisSettings) -> None:
        self._client: Redis = client(settings.url, settings.timeout)
        self.wait, self._settings = settings.wait, settings
        self._patience: float = self._client.connection_pool.connection_kwargs["socket_timeout"]
        scripts = (PUBLISH, SUBSCRIBE, TAKE, ACKNOWLEDGE, GIVE_BACK)
        self._scripts: dict[str, Any] = {text: self._client.register_script(text) for text in scripts}
        self._subscriptions: Subscriptions[Subscription] = Subscriptions(self._end)
        self.location = location(self._client)

    def publish(self, broker: str, topic: str, message: bytes, headers: Headers = NO_HEADERS) -> None:
        fields = [text for field in to_fields(headers, RESERVED) for text in field]
        if not self._run(PUBLISH, [self._topic(broker, topic)], message, self._settings.messages, *fields):
            raise Full(f"a subscription of the topic already holds {self._settings.messages} messages")

    def subscribe(self, broker: str, topic: str, group: str | None = None) -> str:
        key = self._topic(broker, topic)
        # Two letters keep groups apart from the names of single subscriptions.
        member = f"s:{secrets.token_hex(16)}" if group is None else f"g:{_escaped(group)}"
        made = Subscription(topic, key, f"{key}:{member}", group is not None)
        self._run(SUBSCRIBE, [key, made.queue], self._idle(made))
        return self._subscriptions.add(made)

    def receive(self, token: str, wait: float) -> Received | None:
        deadline = time.monotonic() + wait
        while True:
            found = self._subscriptions[token]
            answer = self._run(TAKE, found.keys, _milliseconds(self._settings.again), self._idle(found))
            if answer == b"gone":
                raise Failure(Kind.MISSING, token)
            if answer[0] == b"message":
                _, number, attempt, fields = answer
                message, headers = _read(fields)
                return Received(found.topic, message, (number, attempt), attempt, headers)
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            due = left if answer[2] < 0 else answer[2] / 1000 + 0.001
            self._wait(found, answer[1], min(left, due, SLICE, self._patience / 2))

    def acknowledge(self, token: str, received: Received) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            self._run(ACKNOWLEDGE, found.keys, *received.receipt)

    def give_back(self, token: str, received: Received, delay: float = 0) -> None:
        if (found := self._subscriptions.get(token)) is not None:
            self._run(GIVE_BACK, found.keys, *received.receipt, _milliseconds(delay))

    def unsubscribe(self, token: str) -> None:
        self._subscriptions.end(token)

    def check(self) -> None:
        """Read a key, which the credentials have to allow."""
        with self._calling():
            self._client.exists(self._topic("", ""))

    def close(self) -> None:
        """End the subscriptions of this process that have no group."""
        if self._subscriptions.close():
            self._client.close()

    def _end(self, subscription: Subscription) -> None:
        if not subscription.is_shared:
            with failures():
                self._client.srem(subscription.topic_key, subscription.queue)
                self._client.delete(*subscription.keys)

    def _wait(self, subscription: Subscription, last: bytes, seconds: float) -> None:
        """Wait until the stream has a message after the last one, for at most `seconds`."""
        with self._calling():
            streams: Any = {subscription.queue: last}
            self._client.xread(streams, count=1, block=max(1, _milliseconds(seconds)))

    def _run(self, script: str, keys: list[str], *values: Any) -> Any:
        with self._calling():
            return self._scripts[script](keys=keys, args=values)

    @contextmanager
    def _calling(self) -> Iterator[None]:
        self._subscriptions.expect_open()
        try:
            with failures():
                yield
        except (Failure, OSError, ValueError):
            # `close` takes the connections of calls that wait away.
            self._subscriptions.expect_open()
            raise

    def _topic(self, broker: str, topic: str) -> str:
        return f"{self._settings.prefix}{_escaped(broker)}:{_escaped(topic)}"

    def _idle(self, subscription: Subscription) -> int:
        return 0 if subscription.is_shared else max(1, _milliseconds(self._settings.idle))


def _read(fields: list[bytes]) -> tuple[bytes, Headers]:
    """The message in an entry and its headers. What others have written may have its fields in another order, or have
    no field `message`: then the first one is the message."""
    names = fields[::2]
    at = 2 * names.index(MESSAGE) if MESSAGE in names else 0
    texts = [each.decode(errors="replace") for each in (*fields[:at], *fields[at + 2 :])]
    return fields[at + 1], from_fields(zip(texts[::2], texts[1::2], strict=True), RESERVED)


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace(":", "%3A")


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


backend = Backend("Streams of a Redis server.", RedisMessages, RedisSettings, LIMITS, REDIS)
