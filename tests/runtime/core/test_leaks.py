"""Instances and handles leave nothing behind."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import WorldComponent
from tests.runtime.core.described import Described
from tests.runtime.core.test_subtasks import caller
from tests.runtime.growth import growth
from tests.runtime.test_resources import Stores
from witkit.runtime import Engine, InstanceError
from witkit.runtime.core import callbacks

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")


class Forgetful(Stores):
    """A host that keeps nothing of what it is given."""

    def same(self, a: Any, b: Any) -> bool:
        return a is b


@pytest.fixture(scope="module")
def prepared() -> Any:
    return WorldComponent.load(guests.resources(), engine=Engine(cache=False)).prepare(stores=Forgetful())


def test_instances_leave_nothing_behind(prepared: Any) -> None:
    def use(count: int) -> None:
        for _ in range(count):
            with prepared.instantiate() as world, world.counters.Counter(1) as counter:
                assert counter.next() == 2
                assert world.call("two") is False

    functions = len(callbacks.RUNS), len(callbacks.STATES)
    assert growth(use, 700) < 1 << 20
    assert (len(callbacks.RUNS), len(callbacks.STATES)) == functions


def test_handles_leave_nothing_behind(prepared: Any) -> None:
    with prepared.instantiate() as world:

        def use(count: int) -> None:
            for number in range(count):
                world.counters.Counter(number).close()
                world.call("two")
            for counter in world.counters.call("many", 100):
                counter.close()

        assert growth(use, 7000) < 1 << 20
        assert len(world._state.handles) == 0
        assert all(len(inst.table) == 0 for inst in world._binder.core.component_instances)


def test_calls_that_trap_leave_nothing_behind(prepared: Any) -> None:
    def use(count: int) -> None:
        for _ in range(count):
            with prepared.instantiate() as world, pytest.raises(TypeError):
                world.call("take", "no store")

    assert growth(use, 300) < 1 << 20


def test_async_calls_leave_nothing_behind() -> None:
    async def later(n: int) -> int:
        await asyncio.sleep(0)
        return n

    with Described(caller(), f=later) as made:
        run = made["run"]

        def use(count: int) -> None:
            async def main() -> None:
                await asyncio.gather(*map(run, [1] * count))

            asyncio.run(main())

        assert growth(use, 500) < 1 << 20
        turns = made.raw._functions.asynchronous.turns
        assert (len(turns.jobs), len(turns._roots), len(turns._ready)) == (0, 0, 0)


@pytest.mark.thorough
def test_instances_that_are_closed_while_calls_wait_leave_nothing_behind() -> None:
    async def forever(n: int) -> int:
        await asyncio.sleep(60)
        return n

    async def one() -> None:
        with Described(caller(), f=forever) as made:
            task = asyncio.create_task(made["run"](1))
            await asyncio.sleep(0)
        with pytest.raises(InstanceError):
            await task

    def use(count: int) -> None:
        async def main() -> None:
            for _ in range(count):
                await one()

        asyncio.run(main())

    functions = len(callbacks.RUNS), len(callbacks.STATES)
    assert growth(use, 100) < 4 << 20
    assert (len(callbacks.RUNS), len(callbacks.STATES)) == functions
