"""`wasi:io/poll`: pollables, and waiting for several of them."""

from __future__ import annotations

import select
import time
from collections.abc import Sequence
from typing import Any, Final

from witkit.native.errors import WouldTrap

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_LONGEST: Final = 3600.0
_SHORTEST: Final = 0.01
"""The longest and shortest sleep in seconds. `select` needs a limit; a test's own pollable must be polled."""


class Pollable:
    """A pollable that is always ready, and the base class of the others.

    `parent` is the stream that it belongs to, which must live longer. `due` is the earliest time when it can be ready,
    in seconds of `time.monotonic`. `descriptor` is the file descriptor that it waits for.
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
    """A pollable that is ready at a time in seconds of `time.monotonic`."""

    def __init__(self, due: float) -> None:
        super().__init__()
        self.due: float = due

    def ready(self) -> bool:
        return time.monotonic() >= self.due


class Poll:
    """The interface `wasi:io/poll`."""

    Pollable = Pollable

    def poll(self, pollables: Sequence[Any]) -> list[int]:
        """Wait until at least one pollable is ready, and return the indices of those that are, in any order.

        Raises `WouldTrap` if there are no pollables.
        """
        if not pollables:
            raise WouldTrap("`poll` needs at least one pollable; the component would trap")
        while not (found := [number for number, each in enumerate(pollables) if each.ready()]):
            _wait(pollables)
        return found


def _wait(pollables: Sequence[Any]) -> None:
    """Sleep until one of the pollables may be ready."""
    own = [each for each in pollables if isinstance(each, Pollable)]
    if not own and len(pollables) == 1:
        pollables[0].block()
        return
    now = time.monotonic()
    times = [each.due - now for each in own if each.due is not None]
    longest = _LONGEST if len(own) == len(pollables) else _SHORTEST
    seconds = max(0.0, min([*times, longest]))
    descriptors = {each.descriptor for each in own if each.descriptor is not None}
    if descriptors:
        select.select(descriptors, [], [], seconds)
    else:
        time.sleep(seconds)
