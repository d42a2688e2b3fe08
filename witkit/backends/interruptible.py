"""Waits for sockets, which end when something stops the guest that has called."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from threading import Lock

from witkit._waiting import within


class Interruptible:
    """What waits for one socket at a time, in one thread at a time: `with wait(fileno):` around each wait.

    If the guest is stopped, another thread shuts the socket down. The client library then takes the connection for
    lost, and nobody else gets an answer that was not for him.
    """

    def __init__(self) -> None:
        self._guard, self._fileno = Lock(), -1

    def wait(self, fileno: int) -> _Wait:
        return _Wait(self, fileno)

    def nudge(self) -> None:
        """Shut the socket down if it is waited for. Called by other threads."""
        # Without the guard, the connection might be another thread's by now.
        with self._guard:
            if self._fileno >= 0:
                with suppress(OSError), socket.socket(fileno=os.dup(self._fileno)) as found:
                    found.shutdown(socket.SHUT_RDWR)


class _Wait(within):
    """One wait."""

    __slots__ = ("_fileno", "_interruptible")

    def __init__(self, interruptible: Interruptible, fileno: int) -> None:
        super().__init__(interruptible)
        self._interruptible, self._fileno = interruptible, fileno

    def __enter__(self) -> None:
        self._interruptible._fileno = self._fileno
        super().__enter__()

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        with self._interruptible._guard:
            self._interruptible._fileno = -1
        super().__exit__(kind, raised, traceback)
