"""`wasi:clocks`: the time, pollables that wait for it, and the time zone."""

from __future__ import annotations

import time
from typing import Final

from witkit.interfaces.wasi.timezone import TimezoneDisplay
from witkit.interfaces.wasi.wall_clock import Datetime

from .poll import Pollable, Timer
from .waits import Waits

_SECOND: Final = 1_000_000_000


class MonotonicClock:
    """The interface `wasi:clocks/monotonic-clock`: nanoseconds since this object was created."""

    def __init__(self, waits: Waits) -> None:
        self._waits, self._start = waits, time.monotonic_ns()

    def now(self) -> int:
        return time.monotonic_ns() - self._start

    def resolution(self) -> int:
        return nanoseconds(time.get_clock_info("monotonic").resolution)

    def subscribe_instant(self, when: int, /) -> Pollable:
        return Timer(self._waits, (self._start + when) / _SECOND)

    def subscribe_duration(self, when: int, /) -> Pollable:
        return self.subscribe_instant(self.now() + when)


class WallClock:
    """The interface `wasi:clocks/wall-clock`."""

    def now(self) -> Datetime:
        return Datetime(*divmod(time.time_ns(), _SECOND))

    def resolution(self) -> Datetime:
        return Datetime(*divmod(nanoseconds(time.get_clock_info("time").resolution), _SECOND))


class Timezone:
    """The interface `wasi:clocks/timezone`. A guest learns nothing of this machine: its time zone is UTC."""

    def display(self, when: Datetime, /) -> TimezoneDisplay:
        return TimezoneDisplay(0, "UTC", False)

    def utc_offset(self, when: Datetime, /) -> int:
        return 0


def nanoseconds(seconds: float) -> int:
    """A resolution, at least one nanosecond."""
    return max(1, round(seconds * _SECOND))
