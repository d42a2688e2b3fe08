"""End a run in order when a signal asks for it: the guest stops, backends are closed, the exit code is the shell's.

Python runs the handler of a signal in the main thread, between two instructions. While that thread waits in a function
of Python or in a backend, this is at once. While it runs a component, which computes or waits in a call of WASI, a
second thread, which the signal wakes up, interrupts the component. If nothing can interrupt it, as in a C library that
does not return, the second thread closes the backends and ends the process.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread, current_thread, main_thread
from typing import Final

from witkit._leaving import Terminated
from witkit.runtime import Engine
from witkit.text import Diagnostic
from witkit.text.render_text import render

GRACE: Final = 0.5
"""The seconds within which the main thread has to notice a signal. Signals that repeat within them are one."""
CLOSING: Final = 8.0
"""The seconds for everything that ends with the run: a program of ten seconds' grace, such as Docker, waits longer."""
LAST: Final = 2.0
"""The seconds for closing the backends if the main thread does not do it."""
CHECKS: Final = 0.002
"""The seconds between two interruptions of the engine."""

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Ending:
    """What happens when a signal ends this run. `engine` is that of the component, if one runs."""

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine
        self.is_program = False
        """Whether this process is the run and nothing else, so that it may be ended."""
        self._closers: list[Callable[[], object]] = []
        self._noticed = Event()

    @contextmanager
    def closing(self, close: Callable[[], object]) -> Iterator[None]:
        """Until the `with` statement ends, call `close` if the main thread cannot do it. It may be called twice."""
        self._closers.append(close)
        try:
            yield
        finally:
            self._closers.remove(close)

    @contextmanager
    def sparing(self) -> Iterator[None]:
        """Until the `with` statement ends, a signal does not interrupt components: the main thread waits in Python."""
        engine, self._engine = self._engine, None
        try:
            yield
        finally:
            self._engine = engine

    def asked(self, number: int, frame: object) -> None:
        """The handler of the signals, in the main thread. Only the first one raises."""
        if self._noticed.is_set():
            return
        self._noticed.set()
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated(number)

    def watch(self, signals: socket.socket, handled: set[int]) -> None:
        """Wait for a signal, in a thread of its own, until the other end of `signals` is closed."""
        number = _next(signals, handled)
        if number is None:
            return
        asked = time.monotonic()
        while not self._noticed.wait(CHECKS) and time.monotonic() < asked + GRACE:
            if self._engine is not None:
                self._engine.interrupt()
        if not self._noticed.is_set():
            self._close_all()
        if self._noticed.is_set():  # Also by now: the main thread may be closing what is left.
            signals.settimeout(CLOSING)
            with suppress(TimeoutError):
                while (again := _next(signals, handled)) is not None and time.monotonic() < asked + GRACE:
                    pass
                if again is None:
                    return  # the run has ended
            self._close_all()
        os._exit(128 + number)

    def give_up(self, problem: Diagnostic) -> None:
        """End the process with a problem, while its main thread does something that nothing can interrupt."""
        if self.is_program:
            sys.stderr.write(render([problem]))
            self._close_all()
            os._exit(1)

    def _close_all(self) -> None:
        """Close the backends, as far as that is possible in a short time."""
        last = Thread(target=self._close, daemon=True)
        last.start()
        last.join(LAST)

    def _close(self) -> None:
        with ExitStack() as stack:
            stack.callback(sys.stderr.flush)
            stack.callback(sys.stdout.flush)
            for close in self._closers:
                stack.callback(close)


@contextmanager
def ended_in_order(engine: Engine | None = None) -> Iterator[Ending]:
    """Handle SIGINT, SIGTERM and SIGHUP until the `with` statement ends, except for those that are ignored.

    They raise `KeyboardInterrupt` or `Terminated` in the main thread. In another thread, nothing is handled.
    """
    ending = Ending(engine)
    if current_thread() is not main_thread():
        yield ending
        return
    numbers = {getattr(signal, name) for name in _NAMES if hasattr(signal, name)}
    handled = {number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN}
    receiver, sender = socket.socketpair()
    with receiver, _woken(sender):
        watching = Thread(target=ending.watch, args=(receiver, handled), name="witkit-signals", daemon=True)
        watching.start()
        before = {number: signal.signal(number, ending.asked) for number in handled}
        ending.is_program = True
        try:
            yield ending
        finally:
            ending.is_program = False
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)  # first: Python would say that it cannot write to a socket that is closed
            sender.close()
            watching.join()


@contextmanager
def _woken(sender: socket.socket) -> Iterator[None]:
    """Let Python write the number of each signal to a socket, as soon as it arrives."""
    sender.setblocking(False)
    before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        sender.close()


def _next(signals: socket.socket, handled: set[int]) -> int | None:
    """The next signal that is handled, or None at the end. Raises TimeoutError as the socket does."""
    while data := signals.recv(1):
        if data[0] in handled:
            return data[0]
    return None
