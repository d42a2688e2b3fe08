"""Exports that take lists and options do through an adapter what they do without one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.runtime.core.described import Described
from tests.runtime.core.fusing import ASKS, IN_CALL, IN_POST, IN_REALLOC, NO_LIE, PAGE, TRAPS, guest, has_adapters
from witkit.canonical.fused import ROOM

MEBIBYTE = 1 << 20
ROWS = [(1, "é" * 5, 1 << 63, ""), (65535, "", 0, "x"), (7, "\0", 3, "𝄞" * 30)]
EVERYTHING: list[tuple[Any, ...]] = [
    ([], [], None, None),
    ([], [], [], ""),
    (ROWS, [1, 2, 1 << 63], [("a", "b"), ("", "é")], "text"),
    (tuple(ROWS), (), None, "x" * 100),
    (ROWS * 100, list(range(1000)), [("a", "")] * 300, None),
    ([(0, "x" * ROOM, 0, "")], [], [("", "y" * (ROOM - 24))], None),
    ([], [], [("", "y" * (ROOM - 16))], None),
    ([], [], [("", "y" * (ROOM - 15))], None),
    ([], [0] * (ROOM // 8), None, ""),
    ([], [0] * (ROOM // 8), None, "z"),
]


def test_lists_with_strings_arrive_whatever_their_size(same: Callable[..., list[Any]]) -> None:
    def calls(made: Described) -> Iterator[Any]:
        for given in EVERYTHING * 2:
            yield made["all"](*given)
            yield made["texts"]([row[1] for row in given[0]])

    found = same(calls)
    for given, result, count in zip(EVERYTHING * 2, found[::2], found[1::2], strict=False):
        rows, numbers, pairs, text = result
        assert (rows, list(numbers), pairs, text) == (list(given[0]), list(given[1]), given[2], given[3])
        assert count == len(given[0])


def test_a_large_string_in_a_list_is_not_joined_with_others(soon: None) -> None:
    large = "x" * (8 * MEBIBYTE)
    with guest() as made:
        assert made["texts"]([""]) == 1
        assert has_adapters(made)
        tracemalloc.start()
        try:
            assert made["texts"]([large, "y"]) == 2
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # Once as UTF-8, and no second time.
    assert len(large) <= most < 1.5 * len(large)


def test_the_memory_of_the_guest_is_the_same_afterwards(same: Callable[..., list[Any]]) -> None:
    def calls(made: Described) -> Iterator[Any]:
        for given in EVERYTHING:
            made["all"](*given)
            guest = made.raw.state.memories[0]
            guest.refresh()
            yield guest.view.tobytes()

    assert len(same(calls)[0]) >= 2 * PAGE


@pytest.mark.parametrize("pointer", [0, 1, 2, 4, 8, 2 * PAGE - 24, 2 * PAGE - 16, 2 * PAGE, NO_LIE - 7])
@pytest.mark.parametrize(
    "given", [([], [], None, None), (ROWS[1:2], [], None, None), ([], [5], None, None), ([], [], [("", "")], None)]
)
def test_a_block_of_elements_must_be_aligned_and_in_the_memory(
    same: Callable[..., list[Any]], pointer: int, given: tuple[Any, ...]
) -> None:
    def calls(made: Described) -> Iterator[Any]:
        made["set"](0, pointer)
        yield made["all"](*given)

    found = same(calls)
    if pointer % 8:
        assert found[0][1] == ("`all` stopped: realloc return: result not aligned",)
    if pointer >= 2 * PAGE and (given[0] or pointer > 2 * PAGE):
        assert found[0][1] == ("`all` stopped: realloc return: beyond end of memory",)


@pytest.mark.parametrize("where", [IN_REALLOC, IN_CALL, IN_POST])
@pytest.mark.parametrize("what", [ASKS, TRAPS])
def test_a_guest_with_lists_is_stopped_where_it_would_be(
    same: Callable[..., list[Any]], where: int, what: int
) -> None:  # fmt: skip
    def calls(made: Described) -> Iterator[Any]:
        made["set"](where + what, NO_LIE)
        yield made["all"](*EVERYTHING[2])

    found = same(calls)
    assert isinstance(found[0][0], list) is ((where, what) == (IN_CALL, ASKS))


@pytest.mark.parametrize("wrong", [[("a", "b"), ("c", 1)], [("a",)], [None], "ab", {"a": "b"}, [("\ud800", "")]])
def test_a_wrong_list_is_found_before_the_guest_is_asked_for_memory(soon: None, wrong: Any) -> None:
    with guest() as made:
        function = made["all"]
        function([], [], [], "")
        before = made["called"]()
        with pytest.raises((TypeError, ValueError)):
            function(ROWS, [1], wrong, "x")
        assert made["called"]() == before
        assert function(ROWS, [1], [], "x")[2:] == ([], "x")
