"""Threads that call the guest for an event loop: as many as there may be calls at once.

Threads that run Python code take turns with the interpreter's lock. If the loop and the guest's thread both have work,
they pass the lock on at each call of the system and of the guest, and each time costs as much as a short call. So while
most calls are short, the loop collects calls, hands all of them to one thread, and waits until they are done. It waits
for `PATIENCE` at most, so no call blocks it. If a call takes longer, the loop goes on and each call gets a thread until
calls are short again. The thread of a turn wakes up on the processor of the loop, and the loop on that of the thread.

A call costs less right after another one, while its code is in the caches. So the loop first takes in what has come
from other connections: a turn begins when a look at them has brought no further call.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Final

from ...slots import CLOSED, Closed
from .callers import Callers, Job
from .places import WakingPlace

SHORT: Final = 0.0002
"""Calls that take fewer seconds are short. The loop takes about as long for a request, and has to take turns, too. The
first call of a turn may take twice as long, because nothing of it is in the caches."""
MANY: Final = 0.25
"""The share of calls that take longer from which on each call gets a thread."""
HOLD: Final = 0.002
"""The seconds of a turn, in which a thread begins calls; an answer waits at most as long for those after it."""
PATIENCE: Final = 0.005
"""The seconds that the loop waits at most until a turn is over."""
WEIGHT: Final = 1 / 16
"""How much the last call counts for that share."""
TRIAL: Final = 0.5
"""The seconds after which calls that took long are made in a turn again. While each has a thread, they take longer than
they would in turns, because the threads take the lock from each other: short calls would never be found to be short."""


@dataclass(slots=True, eq=False)
class _Worker:
    """One thread. It sleeps until `woken` is released; if it wakes up `beside` the loop, so does the loop later."""

    woken: Lock = field(default_factory=Lock)
    place: WakingPlace | None = None
    beside: bool = False


class Workers:
    """At most `size` threads, started when they are needed. They do not keep the process alive."""

    def __init__(self, size: int, wait: float, timeout: float) -> None:
        """A call waits at most `wait` seconds for a thread, and ends at most `timeout` seconds after its `submit`."""
        self._size, self._wait, self._timeout = size, wait, timeout
        self._threads, self._long, self._closed = 0, 0.0, False
        self._trial = float("-inf")
        """When calls were made in turns again last."""
        self._jobs: deque[Job] = deque()
        self._idle: list[_Worker] = []
        self._turn: _Worker | None = None
        """The thread for which loops wait."""
        self._waiting: list[Callers] = []
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
            if is_long := self._long > MANY and not self._is_trial():
                self._wake()
        callers.add(job)
        if callers.look is None:
            callers.look = (
                loop.call_later(HOLD, self._look, callers) if is_long else loop.call_soon(self._look, callers)
            )
        return job

    def close(self) -> None:
        """Let the threads end when they have done what waits."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._wake()

    def _look(self, callers: Callers) -> None:
        """In the loop: have done what waits. As long as something does, the loop comes back here."""
        if self._long <= MANY and callers.are_growing():
            callers.look = callers.loop.call_soon(self._look, callers)
            return
        callers.look = None
        callers.settle()  # a thread may keep answers of calls before one that takes long
        with self._lock:
            if not self._jobs:
                return
            if waits := self._long <= MANY and self._has_turn():
                self._waiting.append(callers)
            elif self._long > MANY:
                for _ in range(min(len(self._jobs), self._size)):
                    self._wake()
        if waits and not callers.turn.acquire(timeout=PATIENCE):
            self._go_on(callers)
        if waits:
            callers.place.free()
            callers.settle()
        if self._jobs:
            loop = callers.loop
            callers.look = loop.call_soon(self._look, callers) if waits else loop.call_later(HOLD, self._look, callers)

    def _is_trial(self) -> bool:
        """Under the lock, while calls take long: whether it is time to make some in a turn again."""
        now = time.perf_counter()
        if now < self._trial + TRIAL:
            return False
        self._trial = now
        self._long = MANY - 2 * WEIGHT  # two long ones end it
        return True

    def _has_turn(self) -> bool:
        """Under the lock: whether a thread does what waits in a turn, because it was woken or works already."""
        if self._turn is None:
            self._turn = self._wake(beside=True)
        return self._turn is not None or self._threads == self._size

    def _go_on(self, callers: Callers) -> None:
        """In the loop, which has waited long enough: a call is not short, so others may not be, either."""
        with self._lock:
            self._long, self._turn = 1.0, None
            if callers in self._waiting:
                self._waiting.remove(callers)
                return
        callers.turn.acquire()  # it is being released at this moment

    def _wake(self, *, beside: bool = False) -> _Worker | None:
        """Under the lock: have one more thread work, if there may be one more, and give it."""
        if self._idle:
            worker = self._idle.pop()
            worker.beside = beside
            if beside and worker.place is not None:
                worker.place.move_here()
            worker.woken.release()
            return worker
        if self._threads == self._size:
            return None
        self._threads += 1
        (worker := _Worker()).woken.acquire()
        Thread(target=self._work, args=(worker,), name=f"witkit-http-{self._threads}", daemon=True).start()
        return worker

    def _work(self, worker: _Worker) -> None:
        """One thread, which sleeps when it has nothing to do."""
        place = worker.place = WakingPlace()
        while True:
            place.free()
            held, is_over = self._take_turn()
            with self._lock:
                freed, self._waiting = self._waiting, []
                if self._turn is worker:
                    self._turn = None
                is_next = bool(self._jobs) and (not is_over or self._long > MANY or self._closed)
                is_last = self._closed and not is_next
                is_beside = worker.beside
                if not is_next and not is_last:
                    self._idle.append(worker)
            for callers in freed:
                if is_beside:
                    callers.place.move_here()
                callers.turn.release()
            if held is not None and held not in freed:
                held.wake()
            if is_last:
                return
            if not is_next:
                worker.woken.acquire()

    def _take_turn(self) -> tuple[Callers | None, bool]:
        """Do what waits, for a limited time. Gives the loop that still has to be woken for its answers, and whether the
        time is over."""
        held: Callers | None = None
        since = began = time.perf_counter()
        limit = 2 * SHORT
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
                held = job.callers
            job.run()
            ended = time.perf_counter()
            if began >= self._trial:
                self._long += ((ended - began > limit) - self._long) * WEIGHT
            limit = SHORT
            if ended - since > HOLD or self._long > MANY:
                return held, True
            began = ended
        return held, False
