"""A line on the terminal for work that takes long, and none for work that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Final

LONG: Final = 1.0
"""Seconds after which people wonder."""


@contextmanager
def announced_after(seconds: float, announce: Callable[[str], None], line: str) -> Iterator[None]:
    """Announce `line` if the `with` statement is still going on after `seconds`."""
    timer = Timer(seconds, announce, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
