"""Key-value stores in one bucket of NATS JetStream.

The key `<store>.<key>` of the bucket has the value. Letters, digits, `-`, `_` and `/` stand for themselves, every other
byte is `=` and two hexadecimal digits, and the store without a name is `=`. So no two keys are the same for NATS,
whatever characters they have.

JetStream has writes on disk when it acknowledges them, but asks the disk to flush only now and then: they survive the
end of the server, and not always that of its machine.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from witkit.backends.backend import Backend
from witkit.backends.errors import wrong_setting
from witkit.backends.limits import Limits
from witkit.backends.nats_client import NATS, URL, Server
from witkit.backends.paging import page
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .nats_watch import watch
from .protocol import KeyValue, summed
from .watching import Watch

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.js import JetStreamContext

T = TypeVar("T")

HEADERS: Final = 1 << 10
"""The bytes of a message that are left for its headers."""

LIMITS: Final = Limits(name=255, key=1024, value=(1 << 20) - HEADERS)
"""A line of the protocol has 4096 bytes, with three for each byte of a name and a key. A message has as many bytes as
the server says, which is 1 MiB without other configuration."""

AT_ONCE: Final = 64
"""How many requests of one call are under way."""

PAUSE: Final = 0.1
"""The seconds without a message after which `keys` asks the server how many there are."""

_CHANGED: Final = (10071, 10164)
_OTHERS: Final = re.compile(rb"[^A-Za-z0-9/_-]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9/_-]+")
_WRITTEN: Final = re.compile(rb"=([0-9A-F]{2})")


@dataclass(frozen=True, slots=True, repr=False)
class NatsSettings(BackendSettings):
    url: str = setting(SECRET, "The server, or several ones of a cluster with commas between them.", URL)
    bucket: str = setting(TEXT, "The bucket, created if it does not exist.", "witkit")
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


class NatsStores(KeyValue):
    """The stores of one bucket."""

    limits = LIMITS

    def __init__(self, settings: NatsSettings) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", settings.bucket):
            help = "at most 64 letters, digits, `-` and `_`"
            raise wrong_setting("`bucket` cannot be the name of a bucket of NATS", help, "bucket")
        self._bucket = settings.bucket
        self._server = Server(settings.url, settings.timeout)
        self._direct = False
        self._streams: tuple[Client, JetStreamContext] | None = None
        self.location = f"{self._server.location}, bucket {settings.bucket}"

    def create(self, store: str) -> None:
        """Ask nothing of the server: a store exists as soon as it has a key."""
        self._server.check_open()

    def get(self, store: str, key: str) -> bytes | None:
        return self._run(lambda stream: self._entry(stream, store, key))[1]

    def set(self, store: str, key: str, value: bytes) -> None:
        self._run(lambda stream: self._put(stream, store, key, value))

    def delete(self, store: str, key: str) -> None:
        """Leave a mark that it is deleted, as every client of NATS does."""
        self._run(lambda stream: self._remove(stream, store, key))

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        return self._run(lambda stream: self._swapped(stream, store, key, old, new))

    def increment(self, store: str, key: str, delta: int) -> int:
        return self._run(lambda stream: self._summed(stream, store, key, delta))

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        return page(self._run(lambda stream: self._found(stream, store)), after, count)

    def get_many(self, store: str, keys: Sequence[str]) -> list[bytes | None]:
        found = self._run(lambda stream: _each(self._entry(stream, store, key) for key in keys))
        return [value for _, value in found]

    def set_many(self, store: str, values: Mapping[str, bytes]) -> None:
        self._run(lambda stream: _each(self._put(stream, store, key, value) for key, value in values.items()))

    def delete_many(self, store: str, keys: Sequence[str]) -> None:
        self._run(lambda stream: _each(self._remove(stream, store, key) for key in keys))

    def watch(self, store: str, keys: Collection[str] | None = None) -> Watch:
        """Every change is seen."""
        one = next(iter(keys)) if keys is not None and len(keys) == 1 else None
        beginning = self._subject(store, "")[: -len(_token(""))]
        subject = f"{beginning}>" if one is None else self._subject(store, one)
        name = f"KV_{self._bucket}"
        return watch(self._server, subject, name, store, keys, lambda found: _text(found[len(beginning) :]))

    def check(self) -> None:
        """Create the bucket if it does not exist, and read what the server's limits are."""
        self._server.call(self._prepared)

    def close(self) -> None:
        self._server.close()

    def _run(self, work: Callable[[JetStreamContext], Coroutine[Any, Any, T]]) -> T:
        return self._server.call(lambda client: work(self._stream(client)))

    def _stream(self, client: Client) -> JetStreamContext:
        """JetStream over a connection, the same one as long as the connection lasts."""
        if self._streams is None or self._streams[0] is not client:
            self._streams = client, client.jetstream(timeout=self._server.timeout)
        return self._streams[1]

    async def _prepared(self, client: Client) -> None:
        from nats.js.errors import NotFoundError

        stream = self._stream(client)
        try:
            info = await stream.stream_info(f"KV_{self._bucket}")
        except NotFoundError:
            await self._create(stream)
            info = await stream.stream_info(f"KV_{self._bucket}")
        # Copies of a stream answer too, and may be behind.
        self._direct = bool(info.config.allow_direct) and info.config.num_replicas in (None, 1)
        sizes = [client.max_payload, info.config.max_msg_size or -1]
        self.limits = replace(LIMITS, value=min(size for size in sizes if size > 0) - HEADERS)

    async def _create(self, stream: JetStreamContext) -> None:
        """Create the bucket, with another attempt if the server removes the last other one at the same time."""
        from nats.js.errors import ServerError

        for pause in (0.05, 0.2, None):
            try:
                await stream.create_key_value(bucket=self._bucket, direct=True)
                return
            except ServerError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def _entry(self, stream: JetStreamContext, store: str, key: str) -> tuple[int, bytes | None]:
        """The revision of a key, 0 if it never had a value, and the value."""
        subject = self._subject(store, key)
        try:
            found = await stream.get_msg(f"KV_{self._bucket}", subject=subject, direct=self._direct)
        except Exception as error:
            if _is_missing(error):
                return 0, None
            raise
        gone = (found.headers or {}).get("KV-Operation") in ("DEL", "PURGE")
        return found.seq or 0, None if gone else found.data or b""

    async def _put(
        self, stream: JetStreamContext, store: str, key: str, value: bytes, revision: int | None = None
    ) -> bool:
        """Store the value; with a revision, only if the key still has it."""
        headers = None if revision is None else {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        try:
            await stream.publish(self._subject(store, key), value, headers=headers)
        except Exception as error:
            if revision is not None and getattr(error, "err_code", None) in _CHANGED:
                return False
            raise
        return True

    async def _remove(self, stream: JetStreamContext, store: str, key: str) -> None:
        await stream.publish(self._subject(store, key), headers={"KV-Operation": "DEL"})

    async def _swapped(self, stream: JetStreamContext, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        while True:
            revision, value = await self._entry(stream, store, key)
            if value != old:
                return False
            if await self._put(stream, store, key, new, revision):
                return True

    async def _summed(self, stream: JetStreamContext, store: str, key: str, delta: int) -> int:
        while True:
            revision, value = await self._entry(stream, store, key)
            found = summed(value, delta)
            if await self._put(stream, store, key, b"%d" % found, revision):
                return found
            await asyncio.sleep(random.uniform(0, 0.005))

    async def _found(self, stream: JetStreamContext, store: str) -> list[str]:
        """The keys of a store, from the last message of each.

        Of a watcher, the client library sometimes says that there is nothing before it has read what the server has
        sent. So this counts the messages.
        """
        from nats.js.api import DeliverPolicy

        messages: Any = await stream.subscribe(
            f"$KV.{self._bucket}.{_token(store)}.>",
            stream=f"KV_{self._bucket}",
            ordered_consumer=True,
            deliver_policy=DeliverPolicy.LAST_PER_SUBJECT,
            headers_only=True,
        )
        try:
            return [key async for key in self._read(messages, len(self._subject(store, "")) - 1) if key]
        finally:
            await messages.unsubscribe()

    async def _read(self, messages: Any, beginning: int) -> AsyncIterator[str]:
        """The keys in the messages of a consumer, "" for one that was deleted."""
        from nats.errors import TimeoutError as NothingCame

        deadline = time.monotonic() + self._server.timeout
        read, left = 0, True
        while left:
            try:
                message = await messages.next_msg(timeout=PAUSE if read else 0.001)
            except NothingCame:
                info = await messages.consumer_info()
                left = bool(info.num_pending) or (info.delivered.consumer_seq if info.delivered else 0) > read
                if left and time.monotonic() > deadline:
                    raise
                continue
            read += 1
            left = message.metadata.num_pending > 0
            gone = (message.headers or {}).get("KV-Operation") in ("DEL", "PURGE")
            yield "" if gone else _text(message.subject[beginning:])

    def _subject(self, store: str, key: str) -> str:
        return f"$KV.{self._bucket}.{_token(store)}.{_token(key)}"


async def _each(works: Iterator[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of all, some at a time. After a failure, none is begun, and those under way are given up."""
    found: list[T] = []
    while some := [asyncio.create_task(work) for work in islice(works, AT_ONCE)]:
        try:
            found += await asyncio.gather(*some)
        finally:
            for task in some:
                task.cancel()
    return found


def _is_missing(error: Exception) -> bool:
    """Whether the bucket has nothing under a key."""
    from nats.js.errors import NotFoundError

    return isinstance(error, NotFoundError) and error.err_code in (None, 10037)


def _token(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return _OTHERS.sub(lambda byte: b"=%02X" % byte[0][0], text.encode()).decode() or "="


def _text(token: str) -> str:
    """The key, or nothing if another program has stored under one that this backend does not write."""
    try:
        text = _WRITTEN.sub(lambda digits: bytes([int(digits[1], 16)]), token.encode()).decode()
    except UnicodeDecodeError:
        return ""
    return text if _token(text) == token else ""


backend = Backend("A bucket of NATS JetStream.", NatsStores, NatsSettings, LIMITS, NATS)
