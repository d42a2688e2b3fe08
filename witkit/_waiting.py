"""Waits of the host's functions, which end when something stops the guest that has called them."""

from __future__ import annotations

from collections.abc import Callable
from threading import get_ident
from typing import Final, Protocol


class Waiting(Protocol):
    """A wait that another thread can end, so that `check` is called."""

    def nudge(self) -> None: ...


WAITING: Final[dict[int, Waiting]] = {}
"""Per thread, what it waits in."""

NUDGED: Final[set[int]] = set()
"""Threads of which a guest was stopped, perhaps before they waited. What others add, only the thread itself removes."""

CHECKS: Final[list[Callable[[], object]]] = []
"""What raises if something stops the calls of a guest that this thread runs."""


def check() -> None:
    """Raise what stops the calls of guests that this thread runs, if anything does."""
    for each in CHECKS:
        each()


def is_stopped() -> bool:
    """Whether anything does."""
    try:
        check()
    except Exception:
        return True
    return False


class within:
    """This thread waits in `waiting` during the `with` statement. What stops a guest from now on nudges that.

    Raises what stops the guest, also instead of the error by which the wait has ended. Every call of some backends
    enters it; a generator as a context would cost several times as much.
    """

    __slots__ = ("_outer", "_thread", "_waiting")

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def __enter__(self) -> None:
        self._thread = thread = get_ident()
        self._outer = WAITING.get(thread)  # a handler of a signal has interrupted it
        WAITING[thread] = self._waiting
        if thread in NUDGED:
            try:
                _look(thread)
            except BaseException:
                self._leave()
                raise

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        self._leave()
        if self._thread in NUDGED and (raised is None or isinstance(raised, Exception)):
            _look(self._thread)

    def _leave(self) -> None:
        if self._outer is None:
            del WAITING[self._thread]
        else:
            WAITING[self._thread] = self._outer


def nudge(thread: int) -> None:
    """Let the wait of a thread, if there is one, end."""
    NUDGED.add(thread)
    if (waiting := WAITING.get(thread)) is not None:
        waiting.nudge()


def _look(thread: int) -> None:
    """Check after a nudge. If something stops the guest, the next wait checks, too."""
    NUDGED.discard(thread)  # before the check: a nudge that comes during it counts for the next one
    try:
        check()
    except BaseException:
        NUDGED.add(thread)
        raise
