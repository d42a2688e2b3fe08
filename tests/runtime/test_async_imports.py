"""A guest in Python that awaits imports, which are coroutines of the host's, through a generated host package."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.runtime import python_guests
from witkit import Err
from witkit.runtime import Engine


class Book:
    """An object of the host's whose methods take their time."""

    closed: ClassVar[list[str]] = []

    def __init__(self, title: str) -> None:
        self.title = title

    @classmethod
    async def open(cls, title: str) -> Book:
        await asyncio.sleep(0)
        return cls(title)

    async def read(self, page: int) -> str:
        await asyncio.sleep(0)
        return f"{self.title}, page {page}"

    def __wit_dropped__(self) -> None:
        self.closed.append(self.title)


class Library:
    """The imported interface. Pages come when as many as `together` were asked for; there is no page 13."""

    Book = Book

    def __init__(self, together: int = 1, pause: float = 0) -> None:
        self.together, self.pause, self.asked = together, pause, 0
        self.cancelled: list[int] = []
        self.all_asked = asyncio.Event()

    async def fetch(self, number: int) -> str:
        self.asked += 1
        if self.asked >= self.together:
            self.all_asked.set()
        try:
            await self.all_asked.wait()
            await asyncio.sleep(0 if number == 2 else self.pause)
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        if number == 13:
            raise Err("unlucky")
        return f"page {number}"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("generated")
    with python_guests.generated(python_guests.GUESTS / "crowd" / "crowd.wit", "crowd", "crowd_host", folder) as module:
        yield module


@pytest.fixture(scope="module")
def component(package: Any) -> Any:
    path: Path = python_guests.built("crowd")
    return package.CrowdComponent.load(path, engine=Engine(cache=path.parent))


def test_results_and_errors_of_awaited_imports_reach_the_guest(component: Any) -> None:
    async def main() -> None:
        with component.instantiate(library=Library()) as crowd:
            assert await crowd.page(1) == "page 1"
            with pytest.raises(Err) as caught:
                await crowd.page(13)
            assert caught.value.value == "unlucky"

    asyncio.run(main())


def test_a_guest_asks_for_many_things_at_once(component: Any) -> None:
    async def main() -> None:
        with component.instantiate(library=Library(together=20)) as crowd:
            expected = ["no: unlucky" if number == 13 else f"page {number}" for number in range(20)]
            assert await crowd.pages(20) == expected

    asyncio.run(asyncio.wait_for(main(), 60))


def test_a_thousand_calls_of_one_instance_wait_together(component: Any) -> None:
    async def main() -> None:
        library = Library(together=1000)
        with component.instantiate(library=library) as crowd:
            pages = await asyncio.gather(*(crowd.page(number) for number in range(14, 1014)))
        assert pages == [f"page {number}" for number in range(14, 1014)]
        assert library.asked == 1000

    asyncio.run(asyncio.wait_for(main(), 120))


def test_what_a_guest_does_not_await_any_more_is_cancelled_with_its_instance(component: Any) -> None:
    async def main() -> None:
        library = Library(together=4, pause=60)
        with component.instantiate(library=library) as crowd:
            assert await crowd.first(4) == "page 2"
        while len(library.cancelled) < 3:
            await asyncio.sleep(0)
        assert sorted(library.cancelled) == [0, 1, 3]

    asyncio.run(asyncio.wait_for(main(), 60))


def test_methods_and_statics_of_a_resource_are_awaited(component: Any) -> None:
    async def main() -> None:
        Book.closed.clear()
        with component.instantiate(library=Library()) as crowd:
            assert await crowd.book("Emma", [1, 7]) == ["Emma, page 1", "Emma, page 7"]
            assert Book.closed == ["Emma"]

    asyncio.run(main())


def test_an_exception_of_a_coroutine_comes_out_as_the_same_object(component: Any) -> None:
    problem = LookupError("on the host")

    class Broken(Library):
        async def fetch(self, number: int) -> str:
            await asyncio.sleep(0)
            raise problem

    async def main() -> None:
        crowd = component.instantiate(library=Broken())
        with pytest.raises(LookupError) as caught:
            await crowd.page(1)
        assert caught.value is problem
        assert problem.__notes__ == ["raised by the host in the WIT call test:crowd/library@0.1.0#fetch"]
        assert crowd.closed

    asyncio.run(main())


def test_plain_functions_serve_as_well(component: Any) -> None:
    class Plain:
        Book = Book

        def fetch(self, number: int) -> str:
            return f"at once {number}"

    async def main() -> None:
        with component.instantiate(library=Plain()) as crowd:
            assert await crowd.pages(3) == ["at once 0", "at once 1", "at once 2"]

    asyncio.run(main())


def test_async_exports_of_one_component_are_imports_of_another(component: Any) -> None:
    async def main() -> None:
        with component.instantiate(library=Library()) as first:

            class Reader:
                """Pages that another guest reads."""

                Book = Book

                async def fetch(self, number: int) -> str:
                    return f"read: {await first.page(number)}"

            with component.instantiate(library=Reader()) as second:
                assert await second.pages(3) == ["read: page 0", "read: page 1", "read: page 2"]

    asyncio.run(main())
