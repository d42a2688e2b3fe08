"""A timeout for a guest under CPython, which has no clock of its own as a component has."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from witkit._leaving import Terminated
from witkit.text import Diagnostic, WitkitError


class _OutOfTime(Terminated):
    """Ends the guest wherever it is, as a signal that ends the process would."""


def is_possible() -> bool:
    """Whether this thread can be interrupted by a timer: only the main one can, and not on Windows."""
    return hasattr(signal, "setitimer") and current_thread() is main_thread()


@contextmanager
def deadline(seconds: float | None, problem: Diagnostic) -> Iterator[None]:
    """Raise WitkitError with the problem if the `with` statement takes longer. None is no bound."""
    if seconds is None or not is_possible():
        yield
        return
    before = signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _OutOfTime:
        raise WitkitError([problem]) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise _OutOfTime(number)
