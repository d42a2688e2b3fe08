"""Sends requests at the same time through `poll_loop`; implements interfaces that are written inside of the world."""

from __future__ import annotations

import asyncio

import poll_loop
import wit_world
from componentize_py_types import Err
from poll_loop import PollLoop, Sink, Stream
from wit_world import exports
from wit_world.exports import tools
from wit_world.imports.types import OutgoingRequest


class Tools(exports.Tools):
    def add(self, pair: tools.Pair) -> int:
        return pair.a + pair.b

    def divide(self, a: int, b: int) -> int:
        if not b:
            raise Err("by zero")
        return a // b


class Plain:
    def double(self, n: int) -> int:
        return 2 * n


async def _sent(number: int) -> str:
    request = OutgoingRequest()
    sink = Sink(request.body())
    answer, _ = await asyncio.gather(poll_loop.send(request), _written(sink, number))
    stream, found = Stream(answer.consume()), b""
    while (chunk := await stream.next()) is not None:
        found += chunk
    return found.decode()


async def _written(sink: Sink, number: int) -> None:
    await sink.send(b"ping ")
    await sink.send(str(number).encode())
    sink.close()


async def _all(count: int) -> list[str]:
    return await asyncio.gather(*(_sent(number) for number in range(count)))


class WitWorld(wit_world.WitWorld):
    def exchange(self, count: int) -> list[str]:
        loop = PollLoop()
        asyncio.set_event_loop(loop)
        try:
            found: list[str] = loop.run_until_complete(_all(count))
            return found
        except Err as refused:
            raise Err(type(refused.value).__name__) from None
