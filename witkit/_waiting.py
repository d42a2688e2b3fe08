"""Waits of the host's functions, which end when something stops the guest that has called them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Final, Protocol


class Waiting(Protocol):
    """A wait that another thread can end, so that `check` is called."""

    def nudge(self) -> None: ...


WAITING: Final[dict[int, Waiting]] = {}
"""Per thread, what it waits in."""

CHECKS: Final[list[Callable[[], object]]] = []
"""What raises if something stops the calls of a guest that this thread runs."""


def check() -> None:
    """Raise what stops the calls of guests that this thread runs, if anything does."""
    for each in CHECKS:
        each()


@contextmanager
def within(waiting: Waiting) -> Iterator[None]:
    """This thread waits in `waiting` during the `with` statement. What stops a guest from now on nudges that."""
    thread = get_ident()
    outer = WAITING.get(thread)  # a handler of a signal has interrupted it
    WAITING[thread] = waiting
    try:
        check()
        yield
    finally:
        if outer is None:
            del WAITING[thread]
        else:
            WAITING[thread] = outer
    check()


def nudge(thread: int) -> None:
    """Let the wait of a thread, if there is one, end."""
    if (waiting := WAITING.get(thread)) is not None:
        waiting.nudge()
