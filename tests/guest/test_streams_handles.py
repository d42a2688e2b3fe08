"""Handles that travel through streams and futures: whoever writes one has it no more, and whoever reads it does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import witkit.guest
from tests.generated import write
from witkit.bindgen import generate
from witkit.ir import load
from witkit.native import WouldTrap

WIT = """package test:brook;
interface bank {
  resource pebble { constructor(n: u32); n: func() -> u32; }
  record bag { first: pebble, rest: list<pebble> }
  keep: func(all: stream<pebble>, one: future<bag>);
  found: func() -> stream<pebble>;
}
world brook {
  import bank;
  export run: async func(e: string) -> string;
  use bank.{pebble};
  export hold: async func(p: borrow<pebble>) -> string;
}
"""
GUEST = """
import asyncio
import brook_world
from brook_world.imports import bank
from brook_world.imports.bank import Bag, Pebble

async def passed(writer, reader, written, count):
    async def read():
        with reader:
            return await reader.read(count) if count is not None else None
    taken, found = await asyncio.gather(writer.write(written), read())
    return taken, [pebble.n() for pebble in found or []]

class BrookWorld(brook_world.BrookWorld):
    async def run(self, e):
        return repr(await eval(e)())

    async def hold(self, p):
        writer, reader = brook_world.bank_pebble_stream()
        try:
            await writer.write([p])
        except Exception:
            pass
        return "held"

async def all_read():
    a, b = Pebble(1), Pebble(2)
    found = await passed(*brook_world.bank_pebble_stream(), [a, b], 2)
    return found, hasattr(a, "handle"), hasattr(b, "handle")

async def one_read():
    a, b = Pebble(1), Pebble(2)
    return await passed(*brook_world.bank_pebble_stream(), [a, b], 1), hasattr(a, "handle"), b.n()

async def none_read():
    a = Pebble(1)
    return await passed(*brook_world.bank_pebble_stream(), [a], None), a.n()

async def used_after():
    a = Pebble(1)
    await passed(*brook_world.bank_pebble_stream(), [a], 1)
    a.n()

async def written_twice():
    a = Pebble(1)
    await passed(*brook_world.bank_pebble_stream(), [a, a], 2)

async def given_to_the_host():
    writer, reader = brook_world.bank_pebble_stream()
    later, one = brook_world.bank_bag_future(lambda: Bag(Pebble(5), [Pebble(6)]))
    bank.keep(reader, one)
    a, b = Pebble(3), Pebble(4)
    with later:
        return await writer.write([a, b]), hasattr(a, "handle")

async def taken_from_the_host():
    with bank.found() as reader:
        return [type(pebble).__name__ + str(pebble.n()) for pebble in await reader.read(2)]
"""


class Bank:
    """The imported interface; what was read from a stream and a future is in `seen`."""

    class Pebble:
        def __init__(self, n: int) -> None:
            self.number = n

        def n(self) -> int:
            return self.number

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.tasks: list[asyncio.Task[None]] = []

    def keep(self, all: Any, one: Any) -> None:
        async def read() -> None:
            self.seen = [*await all.read(2), await one.read()]

        self.tasks.append(asyncio.create_task(read()))

    def found(self) -> Any:
        writer, reader = import_module("brook_world").bank_pebble_stream()
        self.tasks.append(asyncio.create_task(writer.write([self.Pebble(7), self.Pebble(8)])))
        return reader


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The guest and its bindings, importable."""
    folder = tmp_path_factory.mktemp("brook")
    (folder / "brook.wit").write_text(WIT)
    (folder / "brook_guest.py").write_text(GUEST)
    write(generate(load(folder / "brook.wit").world(), "guest", package="brook_world"), folder)
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


@pytest.fixture
def bank(modules: None) -> Bank:
    return Bank()


@pytest.fixture
def guest(bank: Bank) -> Iterator[Any]:
    with witkit.guest.bind("brook_world", bank=bank) as host:
        yield host.load("brook_guest")


def run(guest: Any, name: str) -> str:
    return str(asyncio.run(guest.run(name)))


def test_a_handle_that_was_read_is_the_readers(guest: Any) -> None:
    assert run(guest, "all_read") == "((2, [1, 2]), False, False)"


def test_a_handle_that_nobody_read_is_the_writers_again(guest: Any) -> None:
    assert run(guest, "one_read") == "((1, [1]), False, 2)"
    assert run(guest, "none_read") == "((0, []), 1)"


@pytest.mark.parametrize("name", ["used_after", "written_twice"])
def test_a_handle_that_was_written_is_of_no_use_to_the_writer(guest: Any, name: str) -> None:
    with pytest.raises(WouldTrap, match="Pebble does not hold a handle"):
        run(guest, name)


def test_a_host_reads_its_own_objects(guest: Any, bank: Bank) -> None:
    assert run(guest, "given_to_the_host") == "(2, False)"
    first, second, bag = bank.seen
    assert [type(pebble) for pebble in (first, second, bag.first, *bag.rest)] == [Bank.Pebble] * 4
    assert [pebble.number for pebble in (first, second, bag.first, *bag.rest)] == [3, 4, 5, 6]


def test_a_guest_reads_handles_of_what_its_host_wrote(guest: Any) -> None:
    assert run(guest, "taken_from_the_host") == "['Pebble7', 'Pebble8']"


def test_what_was_lent_cannot_be_written_even_if_the_guest_catches_that(guest: Any) -> None:
    with pytest.raises(WouldTrap, match="a borrowed handle cannot be given away"):
        asyncio.run(guest.hold(Bank.Pebble(1)))
