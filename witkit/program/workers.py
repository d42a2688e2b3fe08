"""Several processes that serve the same guest: start them, start one again when it has died, and end them all.

The first one starts alone: it reports mistakes once, and compiles the component for the others.
"""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Final

from witkit.text import WitkitError, error

from .ending import CLOSING, LAST, Ending
from .worker import READY, Link

LOG: Final = logging.getLogger("witkit.workers")

NO_WORKERS: Final = "WIT0815"
PAUSES: Final = (0.5, 30.0)
"""The shortest and the longest seconds before a worker that has died starts again: twice as many each time."""
STEADY: Final = 10.0
"""The seconds after which a worker has run well, so that its next death counts as the first one."""
CHECKS: Final = 0.5
"""The seconds between two looks whether a worker has died without closing its link."""


@dataclass(slots=True)
class Worker:
    """One place for a process. `due` is when it starts again, after it has died."""

    number: int
    process: subprocess.Popen[bytes] | None = None
    link: socket.socket | None = None
    is_ready: bool = False
    began: float = 0.0
    due: float = 0.0
    pause: float = 0.0

    def later(self) -> None:
        """Choose the pause before the next start."""
        now, (shortest, longest) = time.monotonic(), PAUSES
        steady = now - self.began >= STEADY
        self.pause = shortest if steady else max(shortest, min(self.pause * 2, longest))
        self.due = now + self.pause


@dataclass(slots=True)
class Workers:
    """`command` starts one worker, with `--worker`, the link and `arguments` after it.

    `announce` takes lines for the operator.
    """

    command: Sequence[str]
    arguments: Sequence[str]
    count: int
    announce: Callable[[str], None]
    _all: list[Worker] = field(default_factory=list)

    def run(self, ending: Ending) -> int:
        """Serve until a signal ends this thread, which ends the workers in order.

        If the first one cannot serve, this gives its exit code. Raises WitkitError (WIT0815) on Windows.
        """
        if sys.platform == "win32":
            help = "start `witkit serve` several times, each with an `--address` of its own"
            raise WitkitError([error(NO_WORKERS, "several workers are not possible on Windows", help=help)])
        self._all = [Worker(number) for number in range(1, self.count + 1)]
        with ending.closing(self._kill), self._ended():
            first = self._all[0]
            self._start(first, is_first=True)
            while not first.is_ready:
                self._look(CHECKS)
                if (code := first.process.poll() if first.process else None) is not None:
                    return code if code >= 0 else 128 - code
            self._serve()
        return 0

    def _serve(self) -> None:
        """Keep all workers running."""
        is_announced = False
        while True:
            now = time.monotonic()
            for worker in self._all:
                if worker.process is None and worker.due <= now:
                    self._start(worker)
            pauses = [worker.due - time.monotonic() for worker in self._all if worker.process is None]
            self._look(max(0.0, min([CHECKS, *pauses])))
            for worker in self._all:
                if worker.process is not None and worker.process.poll() is not None:
                    self._died(worker, worker.process.returncode)
            if not is_announced and all(worker.is_ready for worker in self._all):
                self.announce(f"{self.count} workers serve: end with Ctrl-C")
                is_announced = True

    def _look(self, seconds: float) -> None:
        """Wait for what workers say, for at most `seconds`."""
        linked = {worker.link: worker for worker in self._all if worker.link is not None}
        for link in select(list(linked), [], [], seconds)[0]:
            worker = linked[link]
            if link.recv(1) == READY:
                worker.is_ready = True
                continue
            link.close()
            worker.link = None
            if worker.process is not None:
                worker.process.wait()

    def _start(self, worker: Worker, is_first: bool = False) -> None:
        mine, its = socket.socketpair()
        with its:
            link = Link(worker.number, its.fileno(), is_first)
            # In a group of its own: a terminal sends its signals to this process, which passes them on once.
            worker.process = subprocess.Popen(
                [*self.command, "--worker", link.shown, *self.arguments],
                stdin=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                process_group=0,
            )
        worker.link, worker.is_ready, worker.began = mine, False, time.monotonic()

    def _died(self, worker: Worker, code: int) -> None:
        worker.later()
        worker.process, worker.is_ready = None, False
        if worker.link is not None:
            worker.link.close()
            worker.link = None
        LOG.error("worker %d ended with %s; it starts again in %g s", worker.number, _shown(code), worker.pause)

    @contextmanager
    def _ended(self) -> Iterator[None]:
        """At the end of the `with` statement, let the workers end in order, and kill those that do not in time."""
        try:
            yield
        finally:
            for process in self._running():
                process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + CLOSING + LAST
            for process in self._running():
                try:
                    process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _kill(self) -> None:
        for process in self._running():
            process.kill()

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [worker.process for worker in self._all if worker.process is not None and worker.process.poll() is None]


def _shown(code: int) -> str:
    """How a process has ended."""
    if code >= 0:
        return f"exit code {code}"
    known = {each.value: each.name for each in signal.Signals}
    return f"signal {known.get(-code, -code)}"


def command_of(name: str) -> list[str]:
    """What starts a command of `witkit` as this process was started."""
    # Without `-P`, modules of the current folder would go over those that are installed.
    safe = [] if sys.path[:1] in ([""], [str(Path.cwd())]) else ["-P"]
    return [sys.executable, *safe, "-m", "witkit", name]
