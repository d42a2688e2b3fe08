"""Where threads run that wait for each other in turns.

A thread that is woken starts on an idle processor if there is one. Waking that takes about as long as a short call, and
what both threads use has to move to its caches. If one of two threads always waits for the other, they are faster on
one processor.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from threading import get_native_id
from typing import Final


def _current() -> Callable[[], int] | None:
    """What says on which processor this thread runs, if the system has that and lets a program choose it."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    found = getattr(ctypes.PyDLL(None), "sched_getcpu", None)
    if found is not None:
        found.argtypes, found.restype = (), ctypes.c_int
    return found


_CURRENT: Final = _current()


class WakingPlace:
    """Where one thread wakes up. Made in that thread, which has to call `free` each time it has slept.

    The thread is bound to a processor only while it sleeps: what it starts may run anywhere.
    """

    def __init__(self) -> None:
        self._thread = get_native_id()
        self._allowed: set[int] | None = None

    def move_here(self) -> None:
        """Let the thread, which sleeps, wake up on the processor of the one that calls this, if it may run there."""
        if _CURRENT is None or self._allowed is not None:
            return
        try:
            allowed = os.sched_getaffinity(self._thread)
            if len(allowed) > 1 and (here := _CURRENT()) in allowed:
                os.sched_setaffinity(self._thread, (here,))
                self._allowed = allowed
        except OSError:  # the system forbids it, or the thread has ended: nothing is lost but time
            return

    def free(self) -> None:
        """In the thread: let it run again wherever it was allowed to."""
        if self._allowed is not None:
            allowed, self._allowed = self._allowed, None
            with suppress(OSError):  # none of these processors is left to the program
                os.sched_setaffinity(0, allowed)
