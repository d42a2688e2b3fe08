"""Exports that are `async func` are awaited."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path

import pytest

from witkit.runtime import Engine, InstanceError, Reason, Trap, UntypedComponent


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(Path(__file__).with_name("guests") / "waiting.wat")


def test_an_async_export_is_a_coroutine_function(component: UntypedComponent) -> None:
    async def main() -> list[int]:
        with component.instantiate() as instance:
            twice = instance.function(None, "twice")
            assert inspect.iscoroutinefunction(twice)
            return [await twice(n) for n in (21, 4)]

    assert asyncio.run(main()) == [42, 8]


def test_a_trap_comes_out_of_the_await_and_closes_the_instance(component: UntypedComponent) -> None:
    async def main() -> None:
        instance = component.instantiate()
        with pytest.raises(Trap) as caught:
            await instance.function(None, "fail")()
        assert caught.value.reason is Reason.UNREACHABLE
        assert instance.closed

    asyncio.run(main())


def test_wrong_arguments_are_named(component: UntypedComponent) -> None:
    async def main() -> None:
        with component.instantiate() as instance:
            twice = instance.function(None, "twice")
            with pytest.raises(ValueError, match=r"twice\(n\): expected u32, got -1"):
                await twice(-1)
            with pytest.raises(TypeError, match="takes 1 argument"):
                await twice()
            assert await twice(1) == 2

    asyncio.run(main())


def test_a_guest_that_never_ends_lets_others_run_and_can_be_cancelled(component: UntypedComponent) -> None:
    async def main() -> None:
        instance = component.instantiate()
        task = asyncio.create_task(instance.function(None, "forever")())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert instance.closed
        with pytest.raises(InstanceError, match="closed after CancelledError during the async call `forever`"):
            instance.function(None, "plain")()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_sync_calls_are_served_while_an_async_call_waits(component: UntypedComponent) -> None:
    async def main() -> None:
        with component.instantiate() as instance:
            task = asyncio.create_task(instance.function(None, "forever")())
            await asyncio.sleep(0)
            assert instance.function(None, "plain")() == 7
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(asyncio.wait_for(main(), 20))


def test_async_calls_of_a_guest_that_asks_for_it_take_turns(component: UntypedComponent) -> None:
    async def main() -> list[int]:
        with component.instantiate() as instance:
            twice = instance.function(None, "twice")
            return list(await asyncio.gather(*[twice(n) for n in range(10)]))

    assert asyncio.run(main()) == [2 * n for n in range(10)]


def test_a_call_that_waits_for_its_turn_learns_that_the_instance_was_closed(component: UntypedComponent) -> None:
    async def main() -> None:
        instance = component.instantiate()
        first = asyncio.create_task(instance.function(None, "forever")())
        await asyncio.sleep(0)
        second = asyncio.create_task(instance.function(None, "twice")(1))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(InstanceError, match="closed after CancelledError"):
            await second

    asyncio.run(asyncio.wait_for(main(), 20))


def test_sync_exports_of_the_same_instance_stay_sync(component: UntypedComponent) -> None:
    with component.instantiate() as instance:
        assert instance.function(None, "plain")() == 7
