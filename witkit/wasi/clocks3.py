"""`wasi:clocks` of WASI 0.3, for guests under CPython."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from .clocks import MonotonicClock, nanoseconds

_SECOND: Final = 1_000_000_000


@dataclass
class Datetime:
    """Has the name of the record in the drafts, so that it crosses as one."""

    seconds: int
    nanoseconds: int


class MonotonicClock3(MonotonicClock):
    """The interface `wasi:clocks/monotonic-clock`, with `async` functions for waiting."""

    def get_resolution(self) -> int:
        return self.resolution()

    async def wait_until(self, when: int) -> None:
        await self.wait_for(max(0, when - self.now()))

    async def wait_for(self, how_long: int) -> None:
        import asyncio

        await asyncio.sleep(how_long / _SECOND)


class SystemClock:
    """The interface `wasi:clocks/system-clock`."""

    def now(self) -> Datetime:
        return Datetime(*divmod(time.time_ns(), _SECOND))

    def get_resolution(self) -> int:
        return nanoseconds(time.get_clock_info("time").resolution)
