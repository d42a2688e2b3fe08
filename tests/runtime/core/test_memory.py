"""A guest's memory and its allocator, honest or not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.runtime.core.conftest import Guest
from witkit.canonical.errors import Violation
from witkit.runtime.core.allocator import _MOST, _ROOM, Tools
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.memory import Memory
from witkit.runtime.core.rules import CoreTrap

Make = Callable[..., Guest]

BUMP = """(module (memory (export "memory") 1 2000) (global $top (mut i32) (i32.const 16))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $p i32)
    (local.set $p (i32.and (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $p) (local.get $size)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16)))))))
    (local.get $p)))"""


class Owner:
    may_leave = True


def lying(body: str) -> str:
    return f"""(module (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) {body}))"""


def tools(modules: Modules, made: Guest) -> Tools:
    return Tools(made.state, modules, Owner(), Memory(made.state, made.export("memory")), made.export("realloc"))


def test_a_memory_is_seen_as_it_is(guest: Make) -> None:
    made = guest(BUMP)
    memory = Memory(made.state, made.export("memory"))
    assert memory.size == 65536
    memory.view[100:103] = b"abc"
    assert bytes(Memory(made.state, made.export("memory")).view[99:104]) == b"\0abc\0"


def test_a_view_is_made_again_when_the_memory_has_grown(guest: Make) -> None:
    made = guest(BUMP)
    memory = Memory(made.state, made.export("memory"))
    old = memory.view
    old[7] = 7
    made.call("grow", 1500)
    assert memory.span(65536, 1)[7] == 7
    assert memory.size == 1501 << 16
    memory.view[8] = 8
    assert old[8] == 8, "the old view shows the same memory"


@pytest.mark.parametrize(("pointer", "size"), [(65536, 1), (0, 65537), (0xFFFFFFFF, 0xFFFFFFFF)])
def test_a_pointer_out_of_bounds_breaks_a_rule(guest: Make, pointer: int, size: int) -> None:
    made = guest(BUMP)
    with pytest.raises(Violation, match=rf"pointer out of bounds of memory: {size} bytes at {pointer} of 65536"):
        Memory(made.state, made.export("memory")).span(pointer, size)


def test_what_is_not_a_memory_is_not_read(guest: Make) -> None:
    made = guest(BUMP)
    with pytest.raises(Violation, match="a memory is something else, or shared"):
        Memory(made.state, made.export("realloc"))


def test_blocks_are_aligned_and_inside_the_memory(guest: Make, modules: Modules) -> None:
    made = tools(modules, guest(BUMP))
    assert made.realloc is not None
    assert [made.realloc(1, 1), made.realloc(8, 24), made.realloc(4, 1 << 20)] == [16, 24, 48]
    assert made.memory is not None
    assert made.memory.size >= 1 << 20


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("(i32.const 65536)", "realloc return: beyond end of memory"),
        ("(i32.const -8)", "realloc return: beyond end of memory"),
        ("(i32.const 12)", "realloc return: result not aligned"),
    ],
)
def test_an_allocator_that_lies_breaks_a_rule(guest: Make, modules: Modules, body: str, message: str) -> None:
    made = tools(modules, guest(lying(body)))
    assert made.realloc is not None
    with pytest.raises(Violation, match=message):
        made.realloc(8, 8)


def test_an_empty_block_may_lie_at_the_very_end_of_the_memory_but_not_behind_it(guest: Make, modules: Modules) -> None:
    made, other = (tools(modules, guest(lying(f"(i32.const {at})"))) for at in (65536, 65544))
    for each in (made, other):
        assert each.realloc is not None
        assert each.place is not None
    assert made.realloc(8, 0) == 65536  # type: ignore[misc]
    assert made.place([b""] * 5) == [65536] * 5  # type: ignore[misc]
    with pytest.raises(Violation, match="realloc return: beyond end of memory"):
        other.realloc(8, 0)  # type: ignore[misc]
    with pytest.raises(CoreTrap, match="out of bounds memory access"):
        other.place([b""] * 5)  # type: ignore[misc]


def test_a_block_that_is_larger_than_any_memory_is_refused(guest: Make, modules: Modules) -> None:
    made = tools(modules, guest(lying("(i32.const 0)")))
    assert made.realloc is not None
    with pytest.raises(Violation, match="realloc return: beyond end of memory"):
        made.realloc(8, 1 << 32 | 8)


def test_an_allocator_of_another_type_is_never_called(guest: Make, modules: Modules) -> None:
    made = guest('(module (memory (export "memory") 1) (func (export "realloc") (param i32) (result i32) unreachable))')
    with pytest.raises(Violation, match="the signature i:i, not iiii:i"):
        tools(modules, made)


def test_an_allocator_that_traps_says_so_without_a_name(guest: Make, modules: Modules) -> None:
    made = tools(modules, guest(lying("unreachable")))
    assert made.realloc is not None
    with pytest.raises(CoreTrap, match="unreachable"):
        made.realloc(1, 1)


@pytest.mark.parametrize("sizes", [
    [], [5], [5, 0], [1, 2, 3, 0, 5], [0] * 10, [10] * (_MOST + 5), [_ROOM] * 2 + [3] * 4, [3, _ROOM + 1, 3, 3, 3],
])  # fmt: skip
def test_many_byte_strings_are_placed_as_they_are(guest: Make, modules: Modules, sizes: list[int]) -> None:
    made = tools(modules, guest(BUMP))
    blobs = [random.Random(size).randbytes(size) for size in sizes]
    assert made.place is not None
    assert made.memory is not None
    pointers = made.place(blobs)
    made.memory.refresh()
    assert [bytes(made.memory.view[p : p + len(b)]) for p, b in zip(pointers, blobs, strict=True)] == blobs


def test_many_byte_strings_are_placed_without_a_helper_where_limits_leave_no_room(
    guest: Make, modules: Modules
) -> None:
    made = tools(modules, guest(BUMP, instances=1))
    assert made.place is not None
    assert made.memory is not None
    assert [bytes(made.memory.view[p : p + 1]) for p in made.place([b"a", b"b", b"c", b"d"])] == [
        b"a",
        b"b",
        b"c",
        b"d",
    ]


@pytest.mark.parametrize("body", ["(i32.const 65530)", "(i32.const -1)", "unreachable"])
def test_many_byte_strings_are_not_placed_out_of_bounds(guest: Make, modules: Modules, body: str) -> None:
    made = tools(modules, guest(lying(body)))
    assert made.place is not None
    with pytest.raises(CoreTrap):
        made.place([b"12345678"] * 5)
