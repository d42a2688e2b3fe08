"""Strings of long lists are collected by an instance beside the guest, which refuses what is out of bounds."""

from __future__ import annotations

import random
import struct

import pytest

from tests.runtime.core.conftest import Guest
from tests.runtime.core.test_memory import BUMP, Make, tools
from witkit.runtime.cache import Cache
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.gathering import PATIENCE, Gatherer
from witkit.runtime.core.memory import Memory

SIZE = 65536
STEP = 24
PLACES = (12, 4)


def gatherer(modules: Modules, made: Guest, *, waits: bool = False) -> tuple[Gatherer, memoryview]:
    memory = Memory(made.state, made.export("memory"))
    gather = Gatherer(made.state, modules, memory)
    if not waits:
        assert gather(0, PATIENCE, 0, (0,)) is not None
    return gather, memory.view


def stored(memory: memoryview, at: int, rows: list[list[bytes]]) -> None:
    """Elements with strings at `PLACES`, which are scattered over the second half of the memory."""
    for number, row in enumerate(rows):
        for place, data in zip(PLACES, row, strict=True):
            pointer = random.Random(number * 100 + place).randrange(SIZE // 2, SIZE - 100) & -100
            memory[pointer : pointer + len(data)] = data
            struct.pack_into("<II", memory, at + number * STEP + place, pointer, len(data))


def test_strings_are_gathered_place_by_place(guest: Make, modules: Modules) -> None:
    gather, memory = gatherer(modules, guest(BUMP))
    rows = [[f"é{i}".encode(), b"" if i % 3 else b"x" * (i % 40)] for i in range(60)]
    stored(memory, 1000, rows)
    columns = [[struct.unpack_from("<II", memory, 1000 + i * STEP + place) for i in range(60)] for place in PLACES]
    expected = [bytes(memory[at : at + n]) for column in columns for at, n in column]
    assert gather(1000, 60, STEP, PLACES) == b"\0".join(expected)


@pytest.mark.parametrize(
    ("pointer", "length", "fits"),
    [(SIZE - 3, 3, True), (SIZE, 0, True), (SIZE - 3, 4, False), (SIZE + 1, 0, False), (0xFFFFFFFF, 0xFFFFFFFF, False)],
)
def test_what_is_out_of_bounds_is_not_gathered(
    guest: Make, modules: Modules, pointer: int, length: int, fits: bool
) -> None:
    gather, memory = gatherer(modules, guest(BUMP))
    struct.pack_into("<II", memory, 8, pointer, length)
    assert gather(0, 2, 8, (0,)) == (b"\0" + bytes(memory[pointer : pointer + length]) if fits else None)


@pytest.mark.parametrize(("times", "fits"), [(31, True), (32, False)])
def test_strings_that_take_too_much_room_are_not_gathered(
    guest: Make, modules: Modules, times: int, fits: bool
) -> None:
    gather, memory = gatherer(modules, guest(BUMP))
    for number in range(times):
        struct.pack_into("<II", memory, 8 * number, 0, SIZE)
    assert (gather(0, times, 8, (0,)) is not None) is fits


def test_what_has_grown_is_gathered_too(guest: Make, modules: Modules) -> None:
    made = guest(BUMP)
    gather, memory = gatherer(modules, made)
    made.call("grow", 1)
    struct.pack_into("<II", memory, 0, SIZE, 5)
    assert gather(0, 1, 8, (0,)) == bytes(5)


def test_the_instance_is_made_once_it_is_worth_it(guest: Make, modules: Modules) -> None:
    gather, _ = gatherer(modules, guest(BUMP), waits=True)
    assert gather(0, PATIENCE - 1, 0, (0,)) is None
    assert gather(0, 1, 0, (0,)) is not None


def test_nothing_is_gathered_if_limits_leave_no_room(guest: Make, modules: Modules) -> None:
    gather, _ = gatherer(modules, guest(BUMP, instances=1), waits=True)
    assert [gather(0, PATIENCE, 0, (0,)) for _ in range(3)] == [None, None, None]


def test_fuel_is_the_guests_own(guest: Make, modules: Modules) -> None:
    assert tools(modules, guest(BUMP)).gather is not None
    fueled = Modules(Mode(fuel=True), Cache(None))
    assert tools(fueled, Guest(fueled, BUMP, fuel=1000)).gather is None
