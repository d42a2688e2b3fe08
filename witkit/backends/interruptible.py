"""Waits for sockets, which end when something stops the guest that has called."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from threading import Lock
from typing import Self

from witkit._waiting import within


class Interruptible(within):
    """What waits for one socket at a time, in one thread at a time: `with waiting.on(fileno):` around each wait.

    If the guest is stopped, another thread shuts the socket down. The client library then takes the connection for
    lost, and nobody else gets an answer that was not for him.
    """

    __slots__ = ("_fileno", "_guard")

    def __init__(self) -> None:
        super().__init__(self)
        self._guard, self._fileno = Lock(), -1

    def on(self, fileno: int) -> Self:
        """Wait for this socket next."""
        self._fileno = fileno
        return self

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        with self._guard:
            self._fileno = -1
        within.__exit__(self, kind, raised, traceback)

    def nudge(self) -> None:
        """Shut the socket down if it is waited for. Called by other threads."""
        # Without the guard, the connection might be another thread's by now.
        with self._guard:
            if self._fileno >= 0:
                with suppress(OSError), socket.socket(fileno=os.dup(self._fileno)) as found:
                    found.shutdown(socket.SHUT_RDWR)
