"""A guest in Python whose exports are `async func`, called through the `async def` of a generated host package."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import python_guests
from witkit import Err
from witkit.runtime import Engine, Limits, Reason, Trap


class Prices:
    """The imported interface; `problem` is raised instead of an answer."""

    def __init__(self, problem: BaseException | None = None) -> None:
        self.problem = problem

    def price(self, item: str) -> int:
        if self.problem is not None:
            raise self.problem
        if item == "nothing":
            raise Err("there is none")
        return len(item)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("generated")
    with python_guests.generated(python_guests.GUESTS / "shop" / "shop.wit", "shop", "shop_host", folder) as module:
        yield module


@pytest.fixture(scope="module")
def component(package: Any) -> Any:
    path: Path = python_guests.built("shop")
    return package.ShopComponent.load(path, engine=Engine(cache=path.parent))


def test_results_and_errors_come_out_of_the_await(component: Any, package: Any) -> None:
    async def main() -> None:
        with component.instantiate(prices=Prices()) as shop:
            assert await shop.tills.charge("book", 2) == package.tills.Bill("book", 8)
            for item, count, refusal in [
                ("nothing", 1, package.tills.Refusal_Unknown("there is none")),
                ("book", 101, package.tills.Refusal_TooMany(101)),
            ]:
                with pytest.raises(Err) as caught:
                    await shop.tills.charge(item, count)
                assert caught.value.value == refusal
            await shop.tills.ping()
            assert await shop.total(["a", "bc"]) == 3

    asyncio.run(main())


def test_calls_of_one_instance_and_of_several_run_in_one_loop(component: Any, package: Any) -> None:
    async def one(number: int) -> Any:
        with component.instantiate(prices=Prices()) as shop:
            return await shop.tills.charge("abc", number)

    async def main() -> None:
        with component.instantiate(prices=Prices()) as shop:
            bill, total, nothing = await asyncio.gather(
                shop.tills.charge("a", 1), shop.total(["bc"]), shop.tills.ping()
            )
        assert (bill, total, nothing) == (package.tills.Bill("a", 1), 2, None)
        bills = await asyncio.gather(*map(one, range(5)))
        assert [bill.cents for bill in bills] == [0, 3, 6, 9, 12]

    asyncio.run(main())


@pytest.mark.parametrize("kind", [LookupError, KeyboardInterrupt])
def test_an_exception_of_the_host_comes_out_as_the_same_object(component: Any, kind: type[BaseException]) -> None:
    problem = kind("on the host")

    async def main() -> None:
        shop = component.instantiate(prices=Prices(problem))
        with pytest.raises(kind) as caught:
            await shop.tills.charge("book", 1)
        assert caught.value is problem
        assert problem.__notes__ == ["raised by the host in the WIT call test:shop/prices@0.1.0#price"]
        assert shop.closed

    asyncio.run(main())


def test_an_exception_of_the_guest_is_a_trap(component: Any) -> None:
    async def main() -> None:
        shop = component.instantiate(prices=Prices())
        with pytest.raises(Trap) as caught:
            await shop.tills.stumble()
        trap = caught.value
        assert trap.reason is Reason.UNREACHABLE
        assert trap.args == ("`stumble` stopped: the guest raised LookupError: in the guest",)
        assert trap.traceback.startswith("Traceback (most recent call last):\n")
        assert trap.traceback.endswith('app.py", line 27, in stumble\nLookupError: in the guest')
        assert "componentize_py_runtime.wasm" not in str(trap)
        assert shop.closed

    asyncio.run(main())


def test_a_timeout_stops_a_spinning_async_export(component: Any) -> None:
    async def main() -> None:
        shop = component.instantiate(prices=Prices(), limits=Limits(timeout=2))  # in which it also starts
        with pytest.raises(Trap) as caught:
            await shop.tills.spin()
        assert caught.value.reason is Reason.TIMEOUT
        assert shop.closed

    asyncio.run(main())


def test_a_call_that_is_cancelled_before_it_begins_leaves_the_instance_alone(component: Any) -> None:
    async def main() -> None:
        with component.instantiate(prices=Prices()) as shop:
            task = asyncio.create_task(shop.tills.charge("book", 1))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await shop.tills.charge("book", 1)).cents == 4

    asyncio.run(main())
