"""`wasi:io/poll`: pollables, and waiting for several of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from witkit.abi.traps import GuestTrap

from .resources import Resource
from .waits import FileDescriptorLike, Waits

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_LONGEST: Final = 3600.0
_SHORTEST: Final = 0.01
"""The longest and shortest wait in seconds: a test's own pollable must be asked again and again."""


class Pollable(Resource):
    """A pollable that is always ready, and the base class of the others.

    `parent` must live longer. `due` is the earliest time when it can be ready, in seconds of `time.monotonic`.
    `reading` and `writing` are what it waits for.
    """

    due: float | None = None
    reading: FileDescriptorLike | None = None
    writing: FileDescriptorLike | None = None

    def __init__(self, waits: Waits, parent: Resource | None = None) -> None:
        super().__init__(parent)
        self._waits = waits

    def ready(self) -> bool:
        return True

    def block(self) -> None:
        Poll(self._waits).poll([self])


class Timer(Pollable):
    """A pollable that is ready at a time in seconds of `time.monotonic`."""

    def __init__(self, waits: Waits, due: float) -> None:
        super().__init__(waits)
        self.due: float = due

    def ready(self) -> bool:
        return time.monotonic() >= self.due


class Poll:
    """The interface `wasi:io/poll`."""

    Pollable = Pollable

    def __init__(self, waits: Waits) -> None:
        self._waits = waits

    def poll(self, pollables: Sequence[Any], /) -> list[int]:
        """Wait until at least one pollable is ready, and return the indices of those that are.

        Raises `GuestTrap` if there are no pollables.
        """
        if not pollables:
            raise GuestTrap("`poll` needs at least one pollable")
        while not (found := [number for number, each in enumerate(pollables) if each.ready()]):
            self._wait(pollables)
        return found

    def _wait(self, pollables: Sequence[Any]) -> None:
        """Wait until one of the pollables may be ready."""
        own = [each for each in pollables if isinstance(each, Pollable)]
        if not own and len(pollables) == 1:
            pollables[0].block()
            return
        now = time.monotonic()
        times = [each.due - now for each in own if each.due is not None]
        longest = _LONGEST if len(own) == len(pollables) else _SHORTEST
        reading = [each.reading for each in own if each.reading is not None]
        writing = [each.writing for each in own if each.writing is not None]
        self._waits.wait(reading, writing, min([*times, longest]))
