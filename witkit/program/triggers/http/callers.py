"""Calls that an event loop waits for: their answers come from other threads, or too late.

The loop is woken once for several answers, and has one timer for all calls, because the limits are the same for each.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from .places import WakingPlace

LOOKS: Final = 8
"""How often the loop looks for further calls at most before those that it has begin."""


class Late(Exception):
    """A call did not begin or end in time. It may still run."""


@dataclass(slots=True, eq=False)
class Job:
    """A call that waits or runs. `begun` says which; `answer` is done when the caller no longer waits for it.

    `context` is that of the caller, with the id of its request. `since` is the loop's time.
    """

    call: Callable[[Any], Any]
    argument: Any
    context: Context
    callers: Callers
    answer: asyncio.Future[Any]
    since: float = 0.0
    begun: bool = False
    value: Any = None
    problem: BaseException | None = None

    def run(self) -> None:
        """Call, in any thread, and give the answer to the loop of the caller."""
        self.begun = True
        try:
            self.value = self.context.run(self.call, self.argument)
        except StopIteration as raised:
            self.problem = RuntimeError("a call raised StopIteration")  # which futures refuse
            self.problem.__cause__ = raised
        except BaseException as raised:
            self.problem = raised
        self.callers.give(self)


class Callers:
    """The calls of one event loop, for its thread, except for `give` and `wake`.

    `look`, `turn` and `place` are for `Workers`: when the loop looks at what waits, what it waits for until calls are
    done, and where it wakes up.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, wait: float, timeout: float) -> None:
        """A call is late if it has not begun after `wait` seconds, or not ended after `timeout`."""
        self.loop = loop
        self.look: asyncio.Handle | None = None
        self.turn = Lock()
        self.turn.acquire()
        self.place = WakingPlace()
        self._wait, self._timeout = min(wait, timeout), timeout
        self._jobs: dict[Job, None] = {}
        self._new = self._looks = 0
        self._done: deque[Job] = deque()
        self._is_waking = False
        self._timer: asyncio.TimerHandle | None = None

    def are_growing(self) -> bool:
        """Whether calls have come since this was asked last; False after `LOOKS` times, so that those here begin."""
        self._looks = self._looks + 1 if self._new and self._looks < LOOKS else 0
        self._new = 0
        return self._looks > 0

    def add(self, job: Job) -> None:
        """Wait for a call from now on."""
        job.since = self.loop.time()
        self._new += 1
        self._jobs[job] = None
        if self._timer is None:
            self._timer = self.loop.call_later(self._wait, self._end_late)

    def give(self, job: Job) -> None:
        """A call has ended. For any thread, which has to `wake` the loop, now or after further calls."""
        self._done.append(job)

    def wake(self) -> None:
        """Have the loop look what has ended. For any thread."""
        if not self._is_waking:  # else it has still to look
            self._is_waking = True
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                self.loop.call_soon_threadsafe(self.settle)

    def settle(self) -> None:
        """Give those who wait the answers that are there."""
        self._is_waking = False  # first of all: what comes from now on may be missed below
        while self._done:
            job = self._done.popleft()
            self._jobs.pop(job, None)
            if job.answer.done():
                continue
            if job.problem is None:
                job.answer.set_result(job.value)
            else:
                job.answer.set_exception(job.problem)

    def _end_late(self) -> None:
        """End what is late, and come back when the next call may be late."""
        now, nearest = self.loop.time(), float("inf")
        for job in list(self._jobs):
            due = job.since + (self._timeout if job.begun else self._wait)
            if not job.answer.done() and due <= now:
                job.answer.set_exception(Late())
            if job.answer.done():
                del self._jobs[job]
            else:
                nearest = min(nearest, due)
        self._timer = self.loop.call_at(nearest, self._end_late) if self._jobs else None
