"""Stopping calls from outside: at a timeout, when another thread says so, and by a signal.

wasm code looks at the epoch of its engine again and again. Advancing it makes every running guest of the engine call
`callbacks.REACHED`, in its own thread, where Python handles signals and `check` decides whether the guest goes on. So
guests that nobody means to stop lose a few microseconds, and nothing at all while nothing is to be stopped.

One thread watches all running calls. It sleeps until the first deadline. While the main thread runs a guest, it also
advances the epoch ten times a second, because Python handles signals only in the main thread, and only between
instructions of Python. If the main thread has run no guest for a second, the watchdog rests: every store then has
something to prepare (`State.todo`), so that its next call wakes the watchdog, and all later ones cost nothing.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from math import inf
from threading import get_ident
from typing import TYPE_CHECKING, Final

from witkit import _waiting
from witkit.runtime.core.callbacks import STATES

if TYPE_CHECKING:
    import wasmtime

    from witkit.runtime.core.state import State

POLL: Final = 0.1
"""Seconds between two looks for signals while the main thread runs a guest."""
LINGER: Final = 1.0
"""Seconds without such a guest after which the watchdog rests."""
KEPT: Final = 5.0
"""Seconds that the thread is kept while there is nothing to watch."""


class Clock:
    """The epoch of one engine of wasmtime."""

    def __init__(self, raw: wasmtime.Engine) -> None:
        self._raw = weakref.ref(raw)

    def tick(self) -> None:
        """Let every running guest of the engine look whether it has to stop. Any thread may call this."""
        if (raw := self._raw()) is not None:
            raw.increment_epoch()

    def interrupt(self) -> None:
        """Stop the calls that run in any thread."""
        for state in list(STATES.values()):
            if state.mode.clock is self:
                state.interrupt()


class Watchdog:
    """The thread that watches all calls of this process.

    `next` is when it looks again; a call that ends before has to wake it. While it is `resting`, so does any call.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Rest, without a thread: in a new process, too."""
        self.next = inf
        self._woken = threading.Event()
        self._lock = threading.RLock()  # a handler of a signal may come here again
        self._thread: threading.Thread | None = None
        self._rest()

    def wake(self) -> None:
        """Look at once."""
        with self._lock:
            self._woken.set()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="witkit-watchdog", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        try:
            self._watch()
        except BaseException:  # in what others wait with; the calls of others still have to be watched
            with self._lock:
                self._thread = None
            self.wake()
            raise

    def _watch(self) -> None:
        until = time.monotonic() + LINGER
        was_on_main = False
        while True:
            # In this order: what begins after it was looked at finds that it has to wake the watchdog.
            self._woken.clear()
            self.next, now = inf, time.monotonic()
            earliest, on_main = _look(now, tick=was_on_main)
            was_on_main = on_main
            if on_main:
                until = now + LINGER
            if now < until:
                self.resting, earliest = False, min(earliest, now + POLL)
            elif not self.resting:
                self._rest()
                continue
            self.next = earliest
            if self._woken.wait(min(earliest - now, KEPT)):
                until = time.monotonic() + LINGER
            elif earliest == inf and self._ended():
                return

    def _rest(self) -> None:
        """Let the next call of each store wake the watchdog."""
        self.resting = True
        for state in list(STATES.values()):
            state.todo = True

    def _ended(self) -> bool:
        """Whether there was nothing to do until now: the thread ends."""
        with self._lock:
            if self._woken.is_set():
                return False
            self._thread = None
            return True


def _look(now: float, *, tick: bool) -> tuple[float, bool]:
    """Stop what has run too long; give the next deadline, and whether the main thread runs a guest. With `tick`, that
    guest lets Python handle signals."""
    earliest, main, clocks = inf, threading.main_thread().ident, set[Clock]()
    for state in list(STATES.values()):
        if not (owner := state.owner):
            continue
        if owner == main:
            clocks.add(state.mode.clock)
        if (deadline := state.deadline) > now:
            earliest = min(earliest, deadline)
        elif state.passed != deadline:
            state.passed = deadline
            reach(state)
    for clock in clocks if tick else ():
        clock.tick()
    return earliest, bool(clocks)


def reach(state: State) -> None:
    """Let a store's call look whether it has to stop, wherever it is: also in a call of another store's, which a host
    function of the first one has made."""
    clocks, owner = {state.mode.clock}, state.owner
    for each in list(STATES.values()):
        if each.owner == owner:
            clocks.add(each.mode.clock)
    for clock in clocks:
        clock.tick()
    _waiting.nudge(owner)


def check() -> None:
    """Raise what stops the calls that this thread runs, if anything does."""
    thread = get_ident()
    for state in list(STATES.values()):
        if state.owner == thread:
            state.check()


_waiting.CHECKS.append(check)

WATCHDOG: Final = Watchdog()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WATCHDOG.begin)
