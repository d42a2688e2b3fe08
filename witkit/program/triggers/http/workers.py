"""Threads that call the guest while the event loop serves connections: as many as there may be calls at once.

A call costs two hand-overs between threads, so this does less than an executor of the standard library, which makes a
future for threads and one for the loop, and can tell a caller how long its call has waited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from ...slots import CLOSED, Closed


@dataclass(slots=True, eq=False)
class Job:
    """A call that waits or runs. `begun` says which; `answer` is done when the caller no longer waits for it.

    `context` is that of the caller, with the id of its request.
    """

    call: Callable[[Any], Any]
    argument: Any
    context: Context
    answer: asyncio.Future[Any]
    begun: bool = False

    def run(self) -> None:
        """Call, and give the answer to the loop of the caller."""
        self.begun = True
        try:
            value, problem = self.context.run(self.call, self.argument), None
        except BaseException as raised:
            value, problem = None, raised
        with suppress(RuntimeError):  # the loop is closed, and nobody waits
            self.answer.get_loop().call_soon_threadsafe(self._settle, value, problem)

    def _settle(self, value: Any, problem: BaseException | None) -> None:
        if self.answer.done():
            return
        if problem is None:
            self.answer.set_result(value)
        else:
            self.answer.set_exception(problem)


class Workers:
    """At most `size` threads, started when they are needed. They do not keep the process alive."""

    def __init__(self, size: int) -> None:
        self._size, self._threads, self._idle, self._closed = size, 0, 0, False
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = Lock()

    def submit(self, call: Callable[[Any], Any], argument: Any) -> Job:
        """Call in a thread, in this context and for the event loop that runs. The answer of the job can be awaited.

        Raises Closed after `close`.
        """
        if self._closed:
            raise Closed(CLOSED)
        job = Job(call, argument, copy_context(), asyncio.get_running_loop().create_future())
        self._jobs.put(job)
        if self._threads < self._size and self._jobs.qsize() > self._idle:
            self._start()
        return job

    def close(self) -> None:
        """Let the threads end when they have done what waits."""
        with self._lock:
            for _ in range(self._threads):
                self._jobs.put(None)
            self._closed = True

    def _start(self) -> None:
        with self._lock:
            if self._threads < self._size:
                self._threads += 1
                Thread(target=self._work, name=f"witkit-http-{self._threads}", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._idle += 1
            job = self._jobs.get()
            self._idle -= 1
            if job is None:
                return
            if not job.answer.done():
                job.run()
