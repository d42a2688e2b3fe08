"""Follow several watches for some time, and have each change handled."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from threading import Event, Thread
from typing import Final

from .watching import KeyChange, Watch

LONGEST: Final = 2.0**31
"""The most seconds; more are as many."""


def follow(watches: Sequence[Watch], seconds: float, handle: Callable[[KeyChange], object]) -> None:
    """Call `handle` for each change, from a thread per watch: changes of one watch in their order, others at once.

    Whatever `handle` or a watch raises ends all of them, and is raised here after the calls that run. Closes the
    watches.
    """
    deadline, stop = time.monotonic() + min(seconds, LONGEST), Event()
    problems: list[BaseException] = []

    def end() -> None:
        stop.set()
        for watch in watches:
            watch.close()

    def read(watch: Watch) -> None:
        try:
            while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
                change = watch.next(left)
                if change is not None and not stop.is_set():
                    handle(change)
        except BaseException as problem:
            problems.append(problem)
            end()

    # Handlers see the context of the call that follows, such as the id of its request.
    threads = [Thread(target=copy_context().run, args=(read, watch), daemon=True) for watch in watches]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        end()
    if problems:
        raise problems[0]
