"""The moment at which a guest in the main thread computes or waits, for threads that stop it then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

LOOKS = 30
"""How often the main thread has to be where it was: a busy machine may let it stay anywhere for some looks."""


def until_the_guest_runs() -> int:
    """Wait until the main thread stays at one instruction of Python's. Gives the thread."""
    main = threading.main_thread().ident
    assert main is not None
    before, looks = None, 0
    while looks < LOOKS:
        at = _place_of(main)
        before, looks = at, looks + 1 if at == before else 0
        time.sleep(0.01)
    return main


def when_the_guest_runs(action: Callable[[], object]) -> threading.Thread:
    """Do something in another thread at that moment."""

    def wait_and_act() -> None:
        until_the_guest_runs()
        action()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


def _place_of(thread: int) -> tuple[int, int]:
    frame = sys._current_frames()[thread]
    return id(frame), frame.f_lasti
