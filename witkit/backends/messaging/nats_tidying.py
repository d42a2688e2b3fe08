"""Removing from a stream of JetStream what no consumer wants any more.

A stream could do that by itself: retention by interest. But a server that starts again after a crash goes through its
consumers one by one, and NATS 2.9 drops what the first one has acknowledged before it knows that a later one still
waits for it. So a stream of witkit keeps everything, and hosts remove what is done from time to time.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from nats.aio.client import Client

EVERY: Final = 5.0
"""The seconds, at least, between two times at which a host does it."""
BYTES: Final = 16 << 20
"""The bytes of messages after which it is done sooner."""

MOST: Final = 2_000
"""The most messages of a subject that are removed one by one at a time."""

EVERYTHING: Final = ">"
"""The subject of a consumer that takes more than one."""


@dataclass(slots=True)
class Tidying:
    """`noted` counts what a host publishes and acknowledges in a stream, and `tidied` removes what is done."""

    stream: str
    timeout: float
    is_allowed: bool = False
    """Whether the stream is one that this module cares for."""
    _bytes: int = 0
    _is_needed: bool = False
    _next: float = field(default_factory=lambda: time.monotonic() + EVERY)
    _first: int = 0
    _running: int = 0
    _lock: Lock = field(default_factory=Lock)

    def noted(self, size: int = 0) -> bool:
        """Whether it is time to tidy up, after `size` bytes that may be in the way soon."""
        with self._lock:
            self._bytes, self._is_needed = self._bytes + size, True
            if not self.is_allowed or (self._bytes < BYTES and time.monotonic() < self._next):
                return False
            self._begin()
            return True

    @property
    def is_needed(self) -> bool:
        """Whether something has happened since the last time, or that time has not ended."""
        return self.is_allowed and (self._is_needed or self._running > 0)

    async def tidied(self, client: Client) -> None:
        """Remove what all consumers have acknowledged, and what nobody waits for."""
        with self._lock:
            self._begin()
            self._is_needed, self._running = False, self._running + 1
        try:
            await self._tidy(client)
        finally:
            with self._lock:
                self._running -= 1

    async def _tidy(self, client: Client) -> None:
        # In this order: a consumer that begins meanwhile wants nothing from before.
        state = (await self._asked(client, "STREAM.INFO", {"subjects_filter": ">"}))["state"]
        done = await self._done(client)
        if done is None:
            return
        # The last message stays, so that the stream cannot forget its numbers in a crash.
        last = state["last_seq"] - 1
        numbers = {
            subject: min(last, done.get(subject, last), done.get(EVERYTHING, last))
            for subject in state.get("subjects") or ()
        }
        wanted = [await self._wanted(client, subject, number) for subject, number in numbers.items() if number < last]
        first = min([last + 1, *wanted])
        if first > state["first_seq"]:
            await self._asked(client, "STREAM.PURGE", {"seq": first})
        if first == self._first:
            # A group is slow: remove what is done behind it. NATS 2.9 goes on to count that as room that is taken.
            for subject, number in numbers.items():
                await self._delete(client, subject, first, number)
        self._first = first

    def _begin(self) -> None:
        self._bytes, self._next = 0, time.monotonic() + EVERY

    async def _done(self, client: Client) -> dict[str, int] | None:
        """Up to which number all consumers of a subject are done. None if a server of a cluster has not said it."""
        found, count = dict[str, int](), 0
        while True:
            page = await self._asked(client, "CONSUMER.LIST", {"offset": count})
            consumers = page["consumers"] or []
            for each in consumers:
                subject = _subject(each["config"])
                found[subject] = min(found.get(subject, sys.maxsize), _done(each))
            count += len(consumers)
            if page.get("missing") or (count < page["total"] and not consumers):
                return None
            if count >= page["total"]:
                return found

    async def _wanted(self, client: Client, subject: str, number: int) -> int:
        """The number of the first message of a subject after that one."""
        from nats.js.errors import NotFoundError

        try:
            found = await self._asked(client, "STREAM.MSG.GET", {"next_by_subj": subject, "seq": number + 1})
        except NotFoundError:
            return sys.maxsize
        next: int = found["message"]["seq"]
        return next

    async def _delete(self, client: Client, subject: str, first: int, last: int) -> None:
        """Remove messages of a subject after the first number, up to the last one, the oldest `MOST` of them.

        One by one: if a subject is purged, NATS 2.9 forgets what its consumers have been given and not acknowledged,
        and never gives it out again.
        """
        from nats.js.errors import APIError

        number = first
        for _ in range(MOST):
            number = await self._wanted(client, subject, number)
            if number > last:
                return
            with suppress(APIError):  # another host has just done it
                await self._asked(client, "STREAM.MSG.DELETE", {"seq": number, "no_erase": True})

    async def _asked(self, client: Client, what: str, asked: dict[str, Any]) -> dict[str, Any]:
        message = json.dumps(asked).encode()
        answer = await client.request(f"$JS.API.{what}.{self.stream}", message, timeout=self.timeout)
        found: dict[str, Any] = json.loads(answer.data)
        if "error" in found:
            from nats.js.errors import APIError

            APIError.from_error(found["error"])
        return found


def _subject(config: dict[str, Any]) -> str:
    """What a consumer takes; those of others may take several subjects."""
    subject: str = config.get("filter_subject", "")
    return EVERYTHING if not subject or "*" in subject or ">" in subject else subject


def _done(consumer: dict[str, Any]) -> int:
    """The number of the message up to which a consumer is done with all."""
    place = "ack_floor" if consumer["num_ack_pending"] else "delivered"
    number: int = consumer[place]["stream_seq"]
    return number
