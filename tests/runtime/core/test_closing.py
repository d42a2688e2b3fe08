"""Closing an instance ends everything of it, in whatever state its event loop is."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from typing import Any

import pytest

from tests.runtime.core.described import Described
from tests.runtime.core.test_subtasks import caller
from tests.runtime.core.test_tasks import WAIT, guest
from witkit.runtime import InstanceError, Reason, Trap


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_an_instance_whose_loop_was_closed_while_it_awaited_the_host_can_be_closed() -> None:
    async def f(n: int) -> None:
        await asyncio.sleep(60)

    loop, ended = asyncio.new_event_loop(), list[str]()
    loop.set_exception_handler(lambda *_: None)  # it complains about tasks that were not awaited
    made = Described(caller(), f=f)
    made.raw.state.at_close.append(lambda: ended.append("ended"))

    async def main() -> asyncio.Future[Any]:
        task: asyncio.Future[Any] = asyncio.ensure_future(made["run"](1))
        await asyncio.sleep(0)
        return task

    task = loop.run_until_complete(main())
    loop.close()
    made.close()
    assert made.closed
    assert ended == ["ended"]
    assert not task.done()


def test_one_end_that_fails_does_not_keep_the_others_from_being_called() -> None:
    def fails() -> None:
        raise LookupError("what has ended")

    ended: list[int] = []
    made = Described(guest(WAIT))
    made.raw.state.at_close += [lambda: ended.append(1), fails, lambda: ended.append(2)]
    with pytest.raises(LookupError, match="what has ended"):
        made.close()
    assert ended == [1, 2]
    made.close()
    assert ended == [1, 2]


def test_a_call_learns_of_a_close_that_comes_just_before_it_waits() -> None:
    made = Described(guest(WAIT))

    class Loop(asyncio.SelectorEventLoop):
        def create_future(self) -> Any:
            thread = threading.Thread(target=made.close)
            thread.start()
            thread.join()
            return super().create_future()

    with closing(Loop()) as loop:
        task = loop.create_task(made["run"](1))
        loop.call_later(20, task.cancel)
        with pytest.raises(InstanceError, match="the instance is closed"):
            loop.run_until_complete(task)


def test_an_interruption_stops_the_calls_that_begin_before_it_arrives() -> None:
    async def main() -> list[Any]:
        made = Described(guest(WAIT))
        run = made["run"]
        first = asyncio.ensure_future(run(1))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(run(2))  # begins in the next turn of the loop, before that hears of it
        made.raw.state.interrupt()
        return list(await asyncio.gather(first, second, return_exceptions=True))

    for stopped in asyncio.run(asyncio.wait_for(main(), 20)):
        assert isinstance(stopped, Trap)
        assert stopped.reason is Reason.INTERRUPTED
