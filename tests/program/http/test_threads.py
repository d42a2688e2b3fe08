"""The threads that call the guest: how many work, and when their answers reach the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, get_ident
from typing import Any

import pytest

from tests.patience import eventually
from witkit.program.slots import Closed
from witkit.program.triggers.http import workers
from witkit.program.triggers.http.callers import Late
from witkit.program.triggers.http.workers import Workers

SOON = 60.0


def answers(made: Workers, *calls: Callable[[Any], Any]) -> list[Any]:
    """What the calls give or raise. They are submitted before any of them begins."""

    async def all_of_them() -> list[Any]:
        jobs = [made.submit(call, number) for number, call in enumerate(calls)]
        return await asyncio.gather(*(job.answer for job in jobs), return_exceptions=True)

    return asyncio.run(all_of_them())


def test_one_thread_does_all_calls_while_they_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SHORT", SOON)
    monkeypatch.setattr(workers, "HOLD", SOON)
    made = Workers(4, SOON, SOON)
    assert len({*answers(made, *[lambda number: get_ident()] * 100)}) == 1
    made.close()


def test_each_call_gets_a_thread_if_many_have_taken_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SHORT", 0.0)
    monkeypatch.setattr(workers, "HOLD", SOON)
    made, together = Workers(4, SOON, SOON), Barrier(4)
    answers(made, *[lambda number: number] * 16)  # each of which took more than no time
    assert sorted(answers(made, *[lambda number: together.wait(SOON)] * 4)) == [0, 1, 2, 3]
    made.close()


def test_a_call_that_waits_for_the_one_after_it_does_not_wait_forever() -> None:
    made, done = Workers(2, SOON, SOON), Event()
    assert answers(made, lambda number: done.wait(SOON), lambda number: done.set()) == [True, None]
    made.close()


class Counting(asyncio.SelectorEventLoop):
    """A loop that counts how often another thread wakes it up."""

    woken = 0

    def call_soon_threadsafe(self, *arguments: Any, **named: Any) -> asyncio.Handle:  # type: ignore[override]
        self.woken += 1
        return super().call_soon_threadsafe(*arguments, **named)


def test_the_loop_waits_for_calls_that_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    for patience in ("SHORT", "HOLD", "PATIENCE"):
        monkeypatch.setattr(workers, patience, SOON)
    made = Workers(4, SOON, SOON)

    async def all_of_them() -> list[int]:
        jobs = [made.submit(lambda number: number, number) for number in range(100)]
        return [await job.answer for job in jobs]

    with asyncio.Runner(loop_factory=Counting) as runner:
        assert runner.run(all_of_them()) == [*range(100)]
        loop = runner.get_loop()
        assert isinstance(loop, Counting)
        assert loop.woken == 0  # it waited for the end of the turn
    made.close()


def test_the_loop_does_not_wait_for_a_call_that_takes_long() -> None:
    made, let = Workers(2, SOON, SOON), Event()

    async def during_a_long_call() -> list[Any]:
        assert [await made.submit(lambda number: number, n).answer for n in range(30)] == [*range(30)]
        long = made.submit(lambda number: let.wait(SOON), 0)
        others = [await made.submit(lambda number: number, n).answer for n in range(200)]
        let.set()  # which nobody would do if the loop waited
        return [*others, await long.answer]

    assert asyncio.run(during_a_long_call()) == [*range(200), True]
    made.close()


def test_an_answer_does_not_wait_for_the_call_after_it() -> None:
    made, let = Workers(1, SOON, SOON), Event()

    async def both() -> tuple[Any, Any]:
        first, second = made.submit(lambda number: number, 1), made.submit(lambda number: let.wait(SOON), 2)
        value = await first.answer
        let.set()
        return value, await second.answer

    assert asyncio.run(both()) == (1, True)
    made.close()


def test_an_exception_that_futures_refuse_costs_no_other_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SHORT", SOON)  # so that all answers come at once
    made = Workers(1, SOON, SOON)
    first, refused, last = answers(made, lambda number: number, lambda number: next(iter(())), lambda number: number)
    assert (first, str(refused), last) == (0, "a call raised StopIteration", 2)
    made.close()


def test_a_call_that_nobody_waits_for_any_more_does_not_begin() -> None:
    made, let, begun = Workers(1, SOON, SOON), Event(), list[int]()

    async def cancelled() -> None:
        first = made.submit(lambda number: let.wait(SOON), 1)
        made.submit(begun.append, 2).answer.cancel()
        let.set()
        await first.answer
        await made.submit(lambda number: number, 3).answer

    asyncio.run(cancelled())
    assert not begun
    made.close()


def test_calls_are_late_if_they_do_not_begin_in_time_or_do_not_end_in_time() -> None:
    made, let = Workers(1, 0.1, 0.3), Event()
    found = answers(made, lambda number: let.wait(SOON), lambda number: number)
    assert [type(each) for each in found] == [Late, Late]
    let.set()
    assert eventually(lambda: answers(made, lambda number: number) == [0])  # late if the first one has not ended
    made.close()


def test_each_event_loop_gets_its_own_answers() -> None:
    made, together = Workers(1, SOON, SOON), Barrier(2)

    def of_one_loop(name: str) -> list[Any]:
        together.wait(SOON)
        return answers(made, *[lambda number: (name, number)] * 200)

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(of_one_loop, ["a", "b"]))
    assert found == [[(name, number) for number in range(200)] for name in "ab"]
    made.close()


def test_what_waits_when_the_threads_are_closed_is_still_done() -> None:
    made, let = Workers(1, SOON, SOON), Event()

    async def closed() -> list[Any]:
        jobs = [made.submit(lambda number: let.wait(SOON), 0), *(made.submit(lambda number: number, n) for n in (1, 2))]
        made.close()
        let.set()
        return [await job.answer for job in jobs]

    assert asyncio.run(closed()) == [True, 1, 2]
    with pytest.raises(Closed):
        answers(made, lambda number: number)


def test_calls_that_come_one_after_the_other_are_one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the connections of a server finds the next request of some of them."""
    for patience in ("SHORT", "HOLD", "PATIENCE"):
        monkeypatch.setattr(workers, patience, SOON)
    made, begun = Workers(4, SOON, SOON), list[int]()

    async def one_in_each_look() -> list[int]:
        jobs = []
        for number in range(5):
            jobs.append(made.submit(lambda number: begun.append(number), number))
            await asyncio.sleep(0)
        before = [*begun]
        for job in jobs:
            await job.answer
        return before

    assert asyncio.run(one_in_each_look()) == []
    assert begun == [*range(5)]
    made.close()


def test_calls_begin_even_if_further_ones_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for patience in ("SHORT", "HOLD", "PATIENCE"):
        monkeypatch.setattr(workers, patience, SOON)
    made = Workers(4, SOON, SOON)

    async def until_the_first_is_done() -> int:
        first = made.submit(lambda number: number, 0)
        submitted = 1
        while not first.answer.done():
            made.submit(lambda number: number, submitted)
            submitted += 1
            await asyncio.sleep(0)
        return submitted

    assert asyncio.run(until_the_first_is_done()) < 20
    made.close()
