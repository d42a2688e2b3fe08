"""This process as one of several that serve the same guest: its number, and its link to the one that starts them."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Final, Self

from witkit.text.values import value

READY: Final = b"r"
"""What a worker sends over the link when it serves."""


@dataclass(slots=True)
class This:
    """What lines of the log say about this process. `number` is None if it is the only one."""

    number: int | None = None

    @property
    def shown(self) -> str:
        """The end of a line of the log."""
        return "" if self.number is None else f" worker={self.number}"


THIS: Final = This()


@value(frozen=True, slots=True)
class Link:
    """A worker's end of the link: its number from 1, and the descriptor of a socket.

    The one that is first was started before all others, not again.
    """

    number: int
    descriptor: int
    is_first: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """The link in `NUMBER:DESCRIPTOR` or `NUMBER:DESCRIPTOR:first`. Raises ValueError."""
        number, descriptor, *first = text.split(":")
        return cls(int(number), int(descriptor), first == ["first"])

    @property
    def shown(self) -> str:
        """What `parse` reads."""
        return f"{self.number}:{self.descriptor}{':first' if self.is_first else ''}"

    def begin(self) -> None:
        """Be this worker from now on, and end when the process that starts workers is gone."""
        THIS.number = self.number
        os.set_inheritable(self.descriptor, False)
        Thread(target=self._watch, name="witkit-worker", daemon=True).start()

    def ready(self) -> None:
        """Say that this worker serves."""
        with suppress(OSError):  # nobody listens any more, which the thread has seen
            os.write(self.descriptor, READY)

    def _watch(self) -> None:
        with suppress(OSError):
            while os.read(self.descriptor, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
