"""Times in tests: a busy machine may be late at any moment, but is not at each."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG = 60.0
"""Seconds within which happens what is about to happen, whatever else the machine does."""


def eventually(is_so: Callable[[], object], pause: float = 0.02) -> bool:
    """Whether something becomes so."""
    end = time.monotonic() + LONG
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def takes_less(seconds: float, measured: Callable[[], float], attempts: int = 5) -> bool:
    """Whether something takes less than `seconds`, at least once in a few attempts. `measured` returns the time."""
    return any(measured() < seconds for _ in range(attempts))
