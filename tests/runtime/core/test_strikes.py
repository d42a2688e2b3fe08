"""Whenever a signal strikes whose handler raises, the instance is closed or works, and nothing of it stays behind.

Python looks for signals as a function begins, and after a call of a function that is written in C. At these places,
`sys.setprofile` calls a function, which raises here, at one place after the other.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.core.described import Described
from tests.runtime.core.test_subtasks import caller
from tests.runtime.core.test_traps import ASKS, SAYS, asking
from witkit.runtime import Engine
from witkit.runtime.core.callbacks import LOST, POISONED, STATES

UNINTERRUPTED = {"_called", "_reached", "leave"}
"""Functions at whose beginning nothing strikes: `callbacks.uninterrupted`."""


class Struck(KeyboardInterrupt):
    """What the handler raises."""


class Strike:
    """Raises at the `place` of that number."""

    def __init__(self, number: int) -> None:
        self._left, self.place = number, ""

    def hits(self, call: Callable[[], Any], result: Any) -> bool:
        """Whether the call, which has that result otherwise, gets that far, and raises what is raised there."""
        event = self._event  # Python does not keep it alive while it runs, once it has been replaced
        gc.disable()  # Python loses what is raised while it destroys an object, such as one of an earlier test
        sys.setprofile(event)
        try:
            found = call()
        except Struck:
            return True
        finally:
            sys.setprofile(None)
            gc.enable()
        assert not self.place, f"what was raised at {self.place} is lost"
        assert found == result
        return False

    def _event(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        inside = "witkit" in code.co_filename.split("/") or code.co_filename.startswith("<codec")
        begins = event == "call" and code.co_name not in UNINTERRUPTED
        if inside and (begins or event == "c_return"):
            self._left -= 1
            if not self._left:
                self.place = f"{code.co_filename}:{frame.f_lineno} ({event} in {code.co_name})"
                sys.setprofile(None)
                raise Struck


def sync() -> tuple[Described, Callable[[], Any]]:
    made = Described(SAYS, ask=lambda what: None)
    f = made["f"]
    return made, lambda: f("abc")


def nested() -> tuple[Described, Callable[[], Any]]:
    made = asking(ASKS, ask=lambda n: f(n - 1) if n else 7)
    f = made["f"]
    return made, lambda: f(2)


def asynchronous() -> tuple[Described, Callable[[], Any]]:
    async def double(n: int) -> int:
        await asyncio.sleep(0)
        return n * 2

    made = Described(caller(), f=double)
    run = made["run"]

    async def main() -> Any:
        try:
            return await asyncio.wait_for(run(3), 10)
        except Struck as struck:  # it would end the loop before that has ended everything
            return struck

    def call() -> Any:
        if isinstance(result := asyncio.run(main()), Struck):
            raise result
        return result

    return made, call


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize(("make", "result", "step"), [(sync, None, 1), (nested, 7, 1), (asynchronous, 6, 4)])
def test_an_instance_is_closed_or_works_wherever_a_call_was_struck(
    make: Callable[[], tuple[Described, Callable[[], Any]]], result: int | None, step: int
) -> None:
    stores, closed, number = len(STATES), 0, 1 - step
    made, call = make()
    assert call() == result
    while (strike := Strike(number := number + step)).hits(call, result):
        if made.closed:
            closed += 1
            made, call = make()
        assert call() == result, strike.place
    assert closed > 2
    assert number > 10
    made.close()
    assert len(STATES) == stores
    assert not POISONED
    assert not LOST


def test_an_instance_that_was_struck_as_it_was_made_or_closed_leaves_nothing_behind() -> None:
    prepared = Engine(cache=False).load(guests.resources()).prepare(optional=["t:r/stores"])

    def call() -> None:
        prepared.instantiate().close()

    call()
    stores, number = len(STATES), 0
    while (strike := Strike(number := number + 1)).hits(call, None):
        gc.collect()
        assert len(STATES) == stores, strike.place
    assert number > 50
