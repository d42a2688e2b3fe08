"""Threads that call the guest while the event loop serves connections: as many as there may be calls at once.

Threads that run Python code take turns with the interpreter's lock, and each turn costs as much as a short call. So
while most calls are short, one thread does them all, and wakes the loop once for several answers. A further thread
works if many take long, or if one takes long while others wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from threading import Lock, Thread
from typing import Any, Final

from ...slots import CLOSED, Closed
from .callers import Callers, Job

SHORT: Final = 0.0002
"""Calls that take fewer seconds are short. The loop takes about as long for a request, and has to take turns, too."""
MANY: Final = 0.25
"""The share of calls that take longer from which on each call gets a thread."""
HOLD: Final = 0.002
"""The seconds that an answer waits at most for those after it, and a call for the one before it to end."""
WEIGHT: Final = 1 / 16
"""How much the last call counts for that share."""


class Workers:
    """At most `size` threads, started when they are needed. They do not keep the process alive."""

    def __init__(self, size: int, wait: float, timeout: float) -> None:
        """A call waits at most `wait` seconds for a thread, and ends at most `timeout` seconds after its `submit`."""
        self._size, self._wait, self._timeout = size, wait, timeout
        self._threads, self._begun, self._long, self._closed = 0, 0, 0.0, False
        self._jobs: deque[Job] = deque()
        self._idle: list[Lock] = []
        self._lock = Lock()
        self._callers: Callers | None = None

    def submit(self, call: Callable[[Any], Any], argument: Any) -> Job:
        """Call in a thread, in this context and for the event loop that runs. The answer of the job can be awaited: it
        raises what the call raises, and `Late`. Raises Closed after `close`."""
        loop = asyncio.get_running_loop()
        callers = self._callers
        if callers is None or callers.loop is not loop:
            callers = self._callers = Callers(loop, self._wait, self._timeout)
        job = Job(call, argument, copy_context(), callers, loop.create_future())
        with self._lock:
            if self._closed:
                raise Closed(CLOSED)
            self._jobs.append(job)
            if len(self._idle) == self._threads or self._long > MANY:
                self._wake()
        callers.add(job)
        if callers.check is None and self._jobs:
            callers.check = loop.call_later(HOLD, self._check, callers, self._begun)
        return job

    def close(self) -> None:
        """Let the threads end when they have done what waits."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._wake()

    def _check(self, callers: Callers, begun: int) -> None:
        """In the loop, some time after calls had to wait: what took so long may still run. Its thread may keep answers
        of calls before it, and may not come to those after it."""
        callers.check = None
        callers.settle()
        with self._lock:
            if not self._jobs:
                return
            if self._begun == begun:
                self._wake()
        callers.check = callers.loop.call_later(HOLD, self._check, callers, self._begun)

    def _wake(self) -> None:
        """Under the lock: have one more thread work, if there may be one more."""
        if self._idle:
            self._idle.pop().release()
        elif self._threads < self._size:
            self._threads += 1
            Thread(target=self._work, name=f"witkit-http-{self._threads}", daemon=True).start()

    def _work(self) -> None:
        """One thread."""
        woken = Lock()
        woken.acquire()
        while True:
            self._do_what_waits()
            with self._lock:
                if self._jobs:
                    continue
                if self._closed:
                    return
                self._idle.append(woken)
            woken.acquire()

    def _do_what_waits(self) -> None:
        held: Callers | None = None
        since = began = time.perf_counter()
        while self._jobs:
            try:
                job = self._jobs.popleft()
            except IndexError:
                break  # another thread was faster
            if job.answer.done():
                continue
            if held is not job.callers:
                if held is not None:
                    held.wake()
                held, since = job.callers, began
            self._begun += 1
            job.run()
            ended = time.perf_counter()
            self._long += ((ended - began > SHORT) - self._long) * WEIGHT
            if ended - since > HOLD or self._long > MANY:
                held.wake()
                held = None
            began = ended
        if held is not None:
            held.wake()
