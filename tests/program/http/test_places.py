from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from threading import Event, Thread

import pytest

from witkit.program.triggers.http import workers
from witkit.program.triggers.http.places import WakingPlace
from witkit.program.triggers.http.workers import Workers

LINUX = sys.platform == "linux"
pytestmark = pytest.mark.skipif(
    not LINUX or len(os.sched_getaffinity(0)) < 2, reason="Linux with two processors is needed"
)


class Sleeper:
    """A thread that sleeps until it is woken, and then says where it runs and where it may run."""

    def __init__(self) -> None:
        self.ready, self.woken = Event(), Event()
        self.processor, self.within, self.after = -1, set[int](), set[int]()
        self.thread = Thread(target=self._sleep)
        self.thread.start()
        self.ready.wait()

    def _sleep(self) -> None:
        self.place = WakingPlace()
        self.ready.set()
        self.woken.wait()
        self.processor, self.within = ctypes.PyDLL(None).sched_getcpu(), os.sched_getaffinity(0)
        self.place.free()
        self.after = os.sched_getaffinity(0)

    def wake(self) -> None:
        self.woken.set()
        self.thread.join()


@pytest.fixture
def everywhere() -> set[int]:
    return os.sched_getaffinity(0)


@pytest.mark.parametrize("number", [0, 1])
def test_a_thread_wakes_up_where_the_other_one_runs_and_may_go_anywhere_then(everywhere: set[int], number: int) -> None:
    sleeper = Sleeper()
    here = sorted(everywhere)[number]
    os.sched_setaffinity(0, {here})
    try:
        sleeper.place.move_here()
        sleeper.wake()
    finally:
        os.sched_setaffinity(0, everywhere)
    assert (sleeper.processor, sleeper.within, sleeper.after) == (here, {here}, everywhere)


def test_a_thread_that_is_moved_twice_may_go_anywhere_afterwards(everywhere: set[int]) -> None:
    sleeper = Sleeper()
    sleeper.place.move_here()
    sleeper.place.move_here()
    sleeper.wake()
    assert sleeper.after == everywhere


def test_a_thread_that_may_not_run_there_stays_where_it_is(everywhere: set[int]) -> None:
    one, other = sorted(everywhere)[:2]
    os.sched_setaffinity(0, {one})
    try:
        sleeper = Sleeper()  # which inherits that
        os.sched_setaffinity(0, {other})
        sleeper.place.move_here()
        sleeper.wake()
    finally:
        os.sched_setaffinity(0, everywhere)
    assert (sleeper.processor, sleeper.within, sleeper.after) == (one, {one}, {one})


def test_a_thread_that_has_ended_is_not_moved() -> None:
    sleeper = Sleeper()
    sleeper.wake()
    sleeper.place.move_here()
    assert not sleeper.thread.is_alive()


def test_calls_and_their_loop_may_run_anywhere(everywhere: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for patience in ("SHORT", "HOLD", "PATIENCE"):
        monkeypatch.setattr(workers, patience, 60.0)
    made, moved = Workers(2, 60.0, 60.0), list[WakingPlace]()
    monkeypatch.setattr(WakingPlace, "move_here", _noting(WakingPlace.move_here, moved))

    async def turns() -> list[set[int]]:
        found = []
        for _ in range(20):
            jobs = [made.submit(lambda _: os.sched_getaffinity(0), None) for _ in range(3)]
            found += [await job.answer for job in jobs]
            found.append(os.sched_getaffinity(0))
        return found

    assert asyncio.run(turns()) == [everywhere] * 80
    assert len({*map(id, moved)}) == 2  # the thread, and the loop
    made.close()


def _noting(move: Callable[[WakingPlace], None], moved: list[WakingPlace]) -> Callable[[WakingPlace], None]:
    def noted(place: WakingPlace) -> None:
        moved.append(place)
        move(place)

    return noted
