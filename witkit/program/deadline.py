"""A timeout for what a component's own clock cannot stop: a guest under CPython, and whatever waits outside the guest.

The timer's signal interrupts this thread in Python code: in the guest under CPython, or in a backend that waits for its
server. In a component, the engine stops the guest itself; a call of WASI that waits, such as reading from a terminal,
cannot be interrupted by anything, so a second thread then ends the process.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread, current_thread, main_thread
from types import FrameType
from typing import Final

from witkit._leaving import OutOfTime
from witkit.text import Diagnostic, WitkitError

from .ending import Ending

LATE: Final = 0.1
"""The seconds that the engine has for stopping a component before the timer does: it says where the guest was."""

STUCK: Final = 2.0
"""The seconds that everything has for ending after that, before the process is ended."""


def is_possible() -> bool:
    """Whether this thread can be interrupted by a timer: only the main one can, and not on Windows."""
    return hasattr(signal, "setitimer") and current_thread() is main_thread()


@contextmanager
def deadline(seconds: float | None, problem: Diagnostic, ending: Ending) -> Iterator[None]:
    """Raise WitkitError with the problem if the `with` statement takes longer. None means no bound.

    If the body cannot be interrupted, `ending` ends the process, unless this is not a program of its own.
    """
    if seconds is None or not is_possible():
        yield
        return
    over = Event()
    before = signal.signal(signal.SIGALRM, _out_of_time)
    try:
        # The signal may come as soon as the timer is set, and until it is off.
        with _timer(seconds):
            watching = Thread(target=_watch, args=(over, seconds + STUCK, problem, ending), name="witkit-deadline")
            watching.daemon = True
            watching.start()
            yield
    except OutOfTime:
        raise WitkitError([problem]) from None
    finally:
        over.set()
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _watch(over: Event, seconds: float, problem: Diagnostic, ending: Ending) -> None:
    if not over.wait(seconds):
        ending.give_up(problem)


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise OutOfTime(number)
