"""A bucket of NATS JetStream over one connection, for the stores that are in it. Everything runs in its event loop."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from witkit.backends.nats_requests import NatsRequests, status

from .protocol import summed

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

T = TypeVar("T")

AT_ONCE: Final = 64
"""How many requests of one call are under way."""

PAUSE: Final = 0.1
"""The seconds without a message after which `keys` asks the server how many there are."""

_CHANGED: Final = (10071, 10164)
_OTHERS: Final = re.compile(rb"[^A-Za-z0-9/_-]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9/_-]+")
_WRITTEN: Final = re.compile(rb"=([0-9A-F]{2})")
_OPERATION: Final = "KV-Operation"
_GONE: Final = ("DEL", "PURGE")
_NO_MESSAGE: Final = 10037


class NatsBucket:
    """The keys of all stores. `direct` says whether the server answers from the stream itself, without JSON."""

    def __init__(self, client: Client, name: str, timeout: float, direct: bool) -> None:
        self.name, self.stream, self._timeout = name, client.jetstream(timeout=timeout), timeout
        self._direct, self._requests = direct, NatsRequests(client)

    async def entry(self, store: str, key: str) -> tuple[int, bytes | None]:
        """The revision of a key, 0 if it never had a value, and the value."""
        subject = self.subject(store, key)
        if not self._direct:
            return await self._slow_entry(subject)
        found = await self._requests.ask(f"$JS.API.DIRECT.GET.KV_{self.name}.{subject}")
        if not found.data and (said := status(found)):
            _expect_nothing(found, said)
            return 0, None
        headers = found.headers or {}
        return int(headers["Nats-Sequence"]), None if headers.get(_OPERATION) in _GONE else found.data

    async def _slow_entry(self, subject: str) -> tuple[int, bytes | None]:
        """The same, from a server that does not answer directly, or may do so from a copy."""
        from nats.js.errors import NotFoundError

        try:
            found = await self.stream.get_msg(f"KV_{self.name}", subject=subject)
        except NotFoundError as error:
            if error.err_code in (None, _NO_MESSAGE):
                return 0, None
            raise
        return found.seq or 0, None if (found.headers or {}).get(_OPERATION) in _GONE else found.data or b""

    async def put(self, store: str, key: str, value: bytes, revision: int | None = None) -> bool:
        """Store the value; with a revision, only if the key still has it."""
        headers = None if revision is None else {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        try:
            await self._publish(self.subject(store, key), value, headers)
        except Exception as error:
            if revision is not None and getattr(error, "err_code", None) in _CHANGED:
                return False
            raise
        return True

    async def remove(self, store: str, key: str) -> None:
        await self._publish(self.subject(store, key), b"", {_OPERATION: "DEL"})

    async def _publish(self, subject: str, payload: bytes, headers: dict[str, str] | None) -> None:
        """Add a message to the stream, which has it when this returns."""
        said = json.loads((await self._requests.ask(subject, payload, headers)).data)
        if "error" in said:
            from nats.js.errors import APIError

            raise APIError.from_error(said["error"])

    async def swapped(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        while True:
            revision, value = await self.entry(store, key)
            if value != old:
                return False
            if await self.put(store, key, new, revision):
                return True

    async def summed(self, store: str, key: str, delta: int) -> int:
        while True:
            revision, value = await self.entry(store, key)
            found = summed(value, delta)
            if await self.put(store, key, b"%d" % found, revision):
                return found
            await asyncio.sleep(random.uniform(0, 0.005))

    async def found(self, store: str) -> list[str]:
        """The keys of a store, from the last message of each.

        Of a watcher, the client library sometimes says that there is nothing before it has read what the server has
        sent. So this counts the messages.
        """
        from nats.js.api import DeliverPolicy

        messages: Any = await self.stream.subscribe(
            f"$KV.{self.name}.{token(store)}.>",
            stream=f"KV_{self.name}",
            ordered_consumer=True,
            deliver_policy=DeliverPolicy.LAST_PER_SUBJECT,
            headers_only=True,
        )
        try:
            return [key async for key in self._read(messages, len(self.subject(store, "")) - 1) if key]
        finally:
            await messages.unsubscribe()

    async def _read(self, messages: Any, beginning: int) -> AsyncIterator[str]:
        """The keys in the messages of a consumer, "" for one that was deleted."""
        from nats.errors import TimeoutError as NothingCame

        deadline = time.monotonic() + self._timeout
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
            gone = (message.headers or {}).get(_OPERATION) in _GONE
            yield "" if gone else text(message.subject[beginning:])

    def subject(self, store: str, key: str) -> str:
        return f"$KV.{self.name}.{token(store)}.{token(key)}"


async def each(works: Iterator[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of all, some at a time. After a failure, none is begun, and those under way are given up."""
    found: list[T] = []
    while some := [asyncio.create_task(work) for work in islice(works, AT_ONCE)]:
        try:
            found += await asyncio.gather(*some)
        finally:
            for task in some:
                task.cancel()
    return found


def _expect_nothing(answer: Msg, said: str) -> None:
    """An answer without a message. Raises APIError unless it says that there is none."""
    if said != "404":
        from nats.js.errors import APIError

        raise APIError.from_msg(answer)


def token(name: str) -> str:
    """What stands for a store or a key in a subject."""
    if _PLAIN.fullmatch(name):
        return name
    return _OTHERS.sub(lambda byte: b"=%02X" % byte[0][0], name.encode()).decode() or "="


def text(written: str) -> str:
    """The key, or nothing if another program has stored under one that this backend does not write."""
    try:
        name = _WRITTEN.sub(lambda digits: bytes([int(digits[1], 16)]), written.encode()).decode()
    except UnicodeDecodeError:
        return ""
    return name if token(name) == written else ""
