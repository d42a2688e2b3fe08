"""One list of promises that fronts rely on, kept by every key-value backend."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.backends.errors import fails_with
from tests.backends.keyvalue.backends import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.interfaces.keyvalue import keyvalue as kv

TOP = (1 << 63) - 1
LARGE = 1 << 23
"""The size of a value that is tried if no limit is declared."""


@contextmanager
def fails_as(kind: Kind) -> Iterator[None]:
    with pytest.raises(Failure) as caught:
        yield
    assert caught.value.kind is kind
    assert caught.value.message


def test_a_missing_value_is_none(spoken: KeyValue) -> None:
    assert spoken.get("orders", "book") is None


def test_a_key_exists_as_soon_as_it_has_a_value(spoken: KeyValue) -> None:
    assert not spoken.exists("orders", "book")
    spoken.set("orders", "book", b"")
    assert spoken.exists("orders", "book")
    assert not spoken.exists("Orders", "book")
    spoken.delete("orders", "book")
    assert not spoken.exists("orders", "book")


def test_pages_of_keys_together_are_all_keys(spoken: KeyValue) -> None:
    keys = sorted(["a", "a\0", "aa", "b/c", "é", "\uffff", "😀", *(f"k{number:02}" for number in range(20))])
    for key in reversed(keys):
        spoken.set("orders", key, b"")
    spoken.set("Orders", "k05x", b"")
    found: list[str] = []
    while some := spoken.keys("orders", found[-1] if found else "", 4):
        assert len(some) <= 4
        found += some
    assert found == keys


def test_keys_after_one_that_is_gone_are_those_behind_it(spoken: KeyValue) -> None:
    for key in ("a", "c", "d"):
        spoken.set("orders", key, b"")
    assert spoken.keys("orders", "b") == ["c", "d"]
    assert spoken.keys("orders", "d") == []


def test_swap_stores_only_over_the_expected_value(spoken: KeyValue) -> None:
    spoken.set("orders", "book", b"1")
    assert not spoken.swap("orders", "book", b"2", b"3")
    assert spoken.get("orders", "book") == b"1"
    assert spoken.swap("orders", "book", b"1", b"3")
    assert spoken.get("orders", "book") == b"3"


def test_swap_tells_no_value_from_an_empty_one(spoken: KeyValue) -> None:
    assert not spoken.swap("orders", "book", b"", b"1")
    assert spoken.get("orders", "book") is None
    assert spoken.swap("orders", "book", None, b"")
    assert not spoken.swap("orders", "book", None, b"1")
    assert spoken.swap("orders", "book", b"", b"1")
    assert spoken.get("orders", "book") == b"1"


def test_swap_finds_no_value_after_a_delete(spoken: KeyValue) -> None:
    for value in (b"1", b"2"):
        assert spoken.swap("orders", "book", None, value)
        assert not spoken.swap("orders", "book", None, b"3")
        spoken.delete("orders", "book")
    assert not spoken.swap("orders", "book", b"2", b"3")


def test_one_of_many_swaps_wins(spoken: KeyValue) -> None:
    spoken.set("orders", "book", b"old")
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda n: spoken.swap("orders", "book", b"old", b"%d" % n), range(8)))
    assert won.count(True) == 1
    assert spoken.get("orders", "book") == b"%d" % won.index(True)


def test_a_counter_begins_at_zero_and_is_written_in_digits(spoken: KeyValue) -> None:
    assert spoken.increment("orders", "count", 5) == 5
    assert spoken.increment("orders", "count", -12) == -7
    assert spoken.increment("orders", "count", 0) == -7
    assert spoken.get("orders", "count") == b"-7"
    spoken.set("orders", "count", b"41")
    assert spoken.increment("orders", "count", 1) == 42


def test_what_is_not_a_number_is_not_counted_on(spoken: KeyValue, subtests: pytest.Subtests) -> None:
    for value in (b"", b"x", b"1.5", b"+1", b"01", b" 1", b"1 ", b"1\n", b"-0", b"\xff", b"9" * 19):
        with subtests.test(value=value):
            spoken.set("orders", "count", value)
            with fails_as(Kind.INVALID_VALUE):
                spoken.increment("orders", "count", 1)
            assert spoken.get("orders", "count") == value


def test_a_counter_ends_at_64_bits_and_stays_there(spoken: KeyValue) -> None:
    assert spoken.increment("orders", "count", TOP) == TOP
    with fails_as(Kind.INVALID_VALUE):
        spoken.increment("orders", "count", 1)
    assert spoken.get("orders", "count") == b"%d" % TOP
    spoken.set("orders", "count", b"-1")
    assert spoken.increment("orders", "count", -TOP) == -TOP - 1
    with fails_as(Kind.INVALID_VALUE):
        spoken.increment("orders", "count", -1)


def test_threads_count_without_losing_one(spoken: KeyValue, backend: Backend) -> None:
    count = backend.times(80)
    with ThreadPoolExecutor(8) as threads:
        sums = list(threads.map(lambda _: spoken.increment("orders", "count", 1), range(count)))
    assert sorted(sums) == list(range(1, count + 1))


def test_many_values_come_in_the_order_of_their_keys(spoken: KeyValue) -> None:
    spoken.set_many("orders", {"b": b"2", "a": b"1", "\0": b"", "é": b"3"})
    assert spoken.get_many("orders", ["é", "none", "a", "\0", "a"]) == [b"3", None, b"1", b"", b"1"]
    assert spoken.keys("orders") == ["\0", "a", "b", "é"]
    spoken.set_many("orders", {"a": b"new", "c": b"4"})
    spoken.delete_many("orders", ["b", "none", "\0", "b"])
    assert spoken.keys("orders") == ["a", "c", "é"]
    assert spoken.get("orders", "a") == b"new"


def test_none_of_many_is_nothing(spoken: KeyValue) -> None:
    spoken.set_many("orders", {})
    spoken.delete_many("orders", [])
    assert spoken.get_many("orders", []) == []
    assert spoken.keys("orders") == []


def test_a_name_and_a_key_of_the_declared_size_work(spoken: KeyValue) -> None:
    """The worst characters: those that a backend has to write in other ones."""
    name = filled("\0%", spoken.limits.name or 5000)
    for key in (filled("\0\1", spoken.limits.key or 5000), filled("😀", spoken.limits.key or 5000)):
        spoken.limits.check_name(name)
        spoken.limits.check_key(key)
        spoken.create(name)
        spoken.set(name, key, b"1")
        assert spoken.get(name, key) == b"1"
        assert spoken.swap(name, key, b"1", b"2")
        assert spoken.keys(name) == [key]
        spoken.delete(name, key)


def filled(pattern: str, size: int) -> str:
    """As much of the pattern, again and again, as this many bytes hold."""
    return (pattern * (size // len(pattern.encode()) + 1)).encode()[:size].decode(errors="ignore")


def test_a_value_of_the_declared_size_works(spoken: KeyValue) -> None:
    size = spoken.limits.value or LARGE
    value = bytes(range(256)) * (size // 256 + 1)
    spoken.set("orders", "book", value[:size])
    assert spoken.get("orders", "book") == value[:size]
    assert spoken.swap("orders", "book", value[:size], value[1 : size + 1])
    assert spoken.get("orders", "book") == value[1 : size + 1]


def test_one_byte_beyond_the_declared_size_is_refused_by_the_front(spoken: KeyValue, backend: Backend) -> None:
    limits = spoken.limits
    with backend.opened() as stores:
        store = stores.Keyvalue.open("orders")
        if limits.name:
            with fails_with(kv.KeyvalueError_UnexpectedError):
                stores.Keyvalue.open("n" * limits.name + "n")
        if limits.key:
            with fails_with(kv.KeyvalueError_InvalidKey):
                store.get("k" * limits.key + "k")
        if limits.value:
            with fails_with(kv.KeyvalueError_InvalidValue):
                store.set("book", bytes(limits.value + 1))
        assert store.keys() == []


def test_every_operation_of_a_closed_backend_says_so(backend: Backend) -> None:
    with backend.spoken() as spoken:
        spoken.create("orders")
        spoken.set("orders", "book", b"1")
    for call in (
        lambda: spoken.create("orders"),
        lambda: spoken.get("orders", "book"),
        lambda: spoken.set("orders", "book", b"1"),
        lambda: spoken.delete("orders", "book"),
        lambda: spoken.exists("orders", "book"),
        lambda: spoken.keys("orders"),
        lambda: spoken.swap("orders", "book", b"1", b"2"),
        lambda: spoken.swap("orders", "pen", None, b"2"),
        lambda: spoken.increment("orders", "count", 1),
        lambda: spoken.get_many("orders", ["book"]),
        lambda: spoken.set_many("orders", {"book": b"1"}),
        lambda: spoken.delete_many("orders", ["book"]),
        spoken.check,
    ):
        with fails_as(Kind.CLOSED):
            call()
    spoken.close()


def test_the_place_of_the_data_is_named_without_secrets(spoken: KeyValue) -> None:
    assert spoken.location
    assert "@" not in spoken.location
