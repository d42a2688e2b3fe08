"""`wasi:clocks`: the time, and pollables that wait for it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from .poll import Pollable, Timer

_SECOND: Final = 1_000_000_000


@dataclass
class Datetime:
    seconds: int
    nanoseconds: int


class MonotonicClock:
    """The interface `wasi:clocks/monotonic-clock`: nanoseconds since this object was created."""

    def __init__(self) -> None:
        self._start = time.monotonic_ns()

    def now(self) -> int:
        return time.monotonic_ns() - self._start

    def resolution(self) -> int:
        return _nanoseconds(time.get_clock_info("monotonic").resolution)

    def subscribe_instant(self, when: int) -> Pollable:
        return Timer((self._start + when) / _SECOND)

    def subscribe_duration(self, when: int) -> Pollable:
        return self.subscribe_instant(self.now() + when)


class MonotonicClock3(MonotonicClock):
    """The interface `wasi:clocks/monotonic-clock` of WASI 0.3, with `async` functions for waiting."""

    def get_resolution(self) -> int:
        return self.resolution()

    async def wait_until(self, when: int) -> None:
        await self.wait_for(max(0, when - self.now()))

    async def wait_for(self, how_long: int) -> None:
        await asyncio.sleep(how_long / _SECOND)


class SystemClock:
    """The interface `wasi:clocks/system-clock` of WASI 0.3."""

    def now(self) -> Datetime:
        return Datetime(*divmod(time.time_ns(), _SECOND))

    def get_resolution(self) -> int:
        return _nanoseconds(time.get_clock_info("time").resolution)


class WallClock:
    """The interface `wasi:clocks/wall-clock`."""

    def now(self) -> Datetime:
        return Datetime(*divmod(time.time_ns(), _SECOND))

    def resolution(self) -> Datetime:
        return Datetime(*divmod(_nanoseconds(time.get_clock_info("time").resolution), _SECOND))


def _nanoseconds(seconds: float) -> int:
    """A resolution, at least one nanosecond."""
    return max(1, round(seconds * _SECOND))
