"""Requests over a connection to NATS.

The client library has them too, and spends most of the time of a call on what no backend needs: a random subject for
each answer, a timer, and objects made of the answer. Each of these asks in the time that the server takes.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

_NOBODY: Final = "503"
"""The status of an answer that the server itself gives, if there is nobody who would."""


class NatsRequests:
    """For one connection and its event loop."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._numbers = count()
        self._waiting: dict[str, asyncio.Future[Msg]] = {}
        self._listening: asyncio.Task[object] | None = None

    async def ask(self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None) -> Msg:
        """The answer, however long it takes. Raises NoRespondersError if nobody listens, and what `publish` raises."""
        listening = self._listening
        if listening is None:
            listening = self._listening = asyncio.create_task(self._listen())
        if not listening.done():
            await asyncio.shield(listening)
        inbox = f"{self._inbox}.{next(self._numbers)}"
        waiting: asyncio.Future[Msg] = asyncio.get_running_loop().create_future()
        self._waiting[inbox] = waiting
        try:
            await self._client.publish(subject, payload, reply=inbox, headers=headers)
            answer = await waiting
        finally:
            del self._waiting[inbox]
        if not answer.data and status(answer) == _NOBODY:
            from nats.errors import NoRespondersError

            raise NoRespondersError
        return answer

    async def _listen(self) -> None:
        await self._client.subscribe(f"{self._inbox}.*", cb=self._hear)

    async def _hear(self, answer: Msg) -> None:
        waiting = self._waiting.get(answer.subject)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)


def status(answer: Msg) -> str:
    """The status in the first line of the headers, such as 404, or nothing."""
    return (answer.headers or {}).get("Status", "")
