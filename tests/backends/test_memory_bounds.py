"""What a guest keeps in the host's memory is bounded, by an error case of the interface."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from witkit.interfaces.configs import configs
from witkit.interfaces.distributed_locking import distributed_locking as locking
from witkit.interfaces.keyvalue import keyvalue as kv

GROWING: dict[str, tuple[str, type, Callable[[Any, int], Any]]] = {
    "values": ("key-value", kv.KeyvalueError_IoError, lambda b, n: b.Keyvalue.open("s").set(f"{n}", bytes(1000))),
    "empty values": ("key-value", kv.KeyvalueError_IoError, lambda b, n: b.Keyvalue.open("s").set(f"{n}", b"")),
    "stores": ("key-value", kv.KeyvalueError_IoError, lambda b, n: b.Keyvalue.open(f"{n}")),
    "settings": ("configs", configs.ConfigsError_IoError, lambda b, n: b.Configs.open(f"{n}").set("a", bytes(1000))),
    "locks": (
        "locking",
        locking.DistributedLockingError_LockAcquireError,
        lambda b, n: b.DistributedLocking.open("s").lock(b"%d" % n),
    ),
}


@pytest.mark.parametrize(("capability", "case", "grow"), GROWING.values(), ids=GROWING)
def test_what_grows_without_end_is_an_error_case(capability: str, case: type, grow: Callable[[Any, int], Any]) -> None:
    with opened(capability, "memory", memory=100_000) as backend:
        with fails_with(case) as payload:
            for number in itertools.count():
                grow(backend, number)
        assert number > 50
        assert payload == ["its memory of 100,000 bytes is full"]


def test_a_value_that_is_replaced_or_deleted_gives_its_bytes_back() -> None:
    with opened("key-value", "memory", memory=100_000) as stores:
        store = stores.Keyvalue.open("orders")
        for _ in range(10):
            for size in (60_000, 10, 90_000):
                store.set("tea", bytes(size))
            store.delete("tea")
            store.delete("tea")
        assert store.keys() == []


def test_a_value_that_does_not_fit_leaves_the_old_one() -> None:
    with opened("key-value", "memory", memory=100_000) as stores:
        store = stores.Keyvalue.open("orders")
        store.set("tea", b"old")
        with fails_with(kv.KeyvalueError_IoError):
            store.set("tea", bytes(100_000))
        assert store.get("tea") == b"old"


def test_locks_that_are_freed_or_over_make_room() -> None:
    with opened("locking", "memory", memory=10_000, timeout=0.1) as backend:
        locks = backend.DistributedLocking.open("s")
        for number in range(1000):
            locks.unlock(locks.lock(b"%d" % number))
        for number in range(50):
            locks.lock_with_time_to_live(b"held %d" % number, 1)
