"""`wasi:io/poll`: pollables, and waiting for one of several."""

from __future__ import annotations

import select
import time
from collections.abc import Sequence
from typing import Any, Final

from witkit.native.errors import WouldTrap

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_LONGEST: Final = 3600.0
_GLANCE: Final = 0.01
"""Seconds: `select` takes no time without end; a test's own pollable can only be asked now and then."""


class Pollable:
    """Something that is ready at once, and the base of what is not.

    `parent` is the stream that it was made from, which must live longer. `due` is when it may be ready, in seconds of
    `time.monotonic`; `descriptor` the file descriptor that it waits for.
    """

    due: float | None = None
    descriptor: int | None = None

    def __init__(self, parent: Any = None) -> None:
        self.parent = parent

    def ready(self) -> bool:
        return True

    def block(self) -> None:
        Poll().poll([self])


class Timer(Pollable):
    """Ready from a point in time on, in seconds of `time.monotonic`."""

    def __init__(self, due: float) -> None:
        super().__init__()
        self.due: float = due

    def ready(self) -> bool:
        return time.monotonic() >= self.due


class Poll:
    """The interface `wasi:io/poll`."""

    Pollable = Pollable

    def poll(self, pollables: Sequence[Any]) -> list[int]:
        """The numbers of those that are ready, after waiting for the first; the runtime gives them in any order.

        Raises `WouldTrap` where there are no pollables.
        """
        if not pollables:
            raise WouldTrap("`poll` was given no pollables; the component would trap")
        while not (found := [number for number, each in enumerate(pollables) if each.ready()]):
            _wait(pollables)
        return found


def _wait(pollables: Sequence[Any]) -> None:
    """Sleep until one of them may be ready."""
    own = [each for each in pollables if isinstance(each, Pollable)]
    if not own and len(pollables) == 1:
        pollables[0].block()
        return
    now = time.monotonic()
    times = [each.due - now for each in own if each.due is not None]
    longest = _LONGEST if len(own) == len(pollables) else _GLANCE
    seconds = max(0.0, min([*times, longest]))
    descriptors = {each.descriptor for each in own if each.descriptor is not None}
    if descriptors:
        select.select(descriptors, [], [], seconds)
    else:
        time.sleep(seconds)
