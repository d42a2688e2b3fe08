"""Locks: what the backends promise."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

import witkit
from tests.backends.errors import fails_with
from tests.backends.locking.backends import Backend
from tests.patience import LONG, takes_less
from witkit.backends.backend import Backend as Implementation
from witkit.backends.table import CAPABILITIES
from witkit.interfaces.distributed_locking import distributed_locking as api


def test_a_lock_has_one_holder(locking: api.DistributedLockingInterface) -> None:
    one, two = locking.DistributedLocking.open("shop"), locking.DistributedLocking.open("shop")
    key = one.lock(b"stock")
    with fails_with(api.DistributedLockingError_LockTimeoutError):
        two.lock(b"stock")
    one.unlock(key)
    two.unlock(two.lock(b"stock"))


def test_whoever_holds_a_lock_waits_for_himself(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    service.lock(b"stock")
    with fails_with(api.DistributedLockingError_LockTimeoutError):
        service.lock(b"stock")


HOSTILE = [
    b"",
    b"\0",
    b"a\0b",
    b"\xff\xfe",
    b"/",
    b"..",
    b"a:b",
    b"%3a",
    b"'; --",
    b"\r\n",
    bytes(range(256)),
    b"n" * 1000,
]


def test_every_list_of_bytes_names_a_lock(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    keys = [service.lock(name) for name in HOSTILE]
    assert len(set(keys)) == len(HOSTILE)
    for key in keys:
        service.unlock(key)
    for name in HOSTILE:
        service.unlock(service.lock(name))


NAMES = ["", "shop", "shop:", "shop%3a", "Shop", "a/b", "a", "a\0b", "é", "e\u0301", "'; --", " ", "n" * 1000]


def test_services_of_any_names_share_no_lock(locking: api.DistributedLockingInterface) -> None:
    keys = [locking.DistributedLocking.open(name).lock(lock) for name in NAMES for lock in (b"", b":", b"b")]
    assert len({*keys}) == len(NAMES) * 3


def test_a_name_at_the_limit_is_taken_and_one_byte_more_refused(backend: Backend) -> None:
    chosen = CAPABILITIES["locking"].backend(backend.name)
    assert isinstance(chosen, Implementation)
    limits = chosen.limits
    if limits.key is None or limits.name is None:
        pytest.skip("it has no limit but its memory")
    with backend.opened(timeout=0.05) as locking:
        service = locking.DistributedLocking.open("é" * (limits.name // 2))
        service.unlock(service.lock(b"\xff" * limits.key))
        with fails_with(api.DistributedLockingError_LockAcquireError) as said:
            service.lock(b"\xff" * (limits.key + 1))
        assert said == [f"the key has {limits.key + 1:,} bytes, and the limit is {limits.key:,}"]
        with fails_with(api.DistributedLockingError_InvalidLockId):
            service.unlock(bytes(limits.key + 1_000_000))
        with fails_with(api.DistributedLockingError_ConnectionError):
            locking.DistributedLocking.open("é" * (limits.name // 2) + "e")


def test_a_key_of_another_service_does_not_unlock(locking: api.DistributedLockingInterface) -> None:
    one, two = locking.DistributedLocking.open("one"), locking.DistributedLocking.open("two")
    key = one.lock(b"stock")
    two.lock(b"stock")
    with fails_with(api.DistributedLockingError_InvalidLockId):
        two.unlock(key)


def test_a_key_of_another_lock_does_not_unlock(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    key, other = service.lock(b"stock"), service.lock(b"price")
    for forged in (other[:16] + key[16:], key[:-1], key + b"\0", bytes(16) + key[16:], b"", b"stock"):
        with fails_with(api.DistributedLockingError_InvalidLockId):
            service.unlock(forged)
    service.unlock(key)
    service.unlock(other)


def test_any_handle_of_the_service_may_unlock(locking: api.DistributedLockingInterface) -> None:
    key = locking.DistributedLocking.open("shop").lock(b"stock")
    other = locking.DistributedLocking.open("shop")
    other.unlock(key)
    assert other.lock(b"stock") != key


def test_a_key_unlocks_once(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    key = service.lock(b"stock")
    service.unlock(key)
    with fails_with(api.DistributedLockingError_InvalidLockId):
        service.unlock(key)
    with fails_with(api.DistributedLockingError_InvalidLockId):
        service.unlock(b"")


def test_keys_differ(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    keys = set()
    for _ in range(20):
        key = service.lock(b"stock")
        keys.add(key)
        service.unlock(key)
    assert len(keys) == 20


@pytest.mark.parametrize("seconds", [0, -1, -(2**63)])
def test_a_time_to_live_is_positive(locking: api.DistributedLockingInterface, seconds: int) -> None:
    with fails_with(api.DistributedLockingError_LockAcquireError):
        locking.DistributedLocking.open("shop").lock_with_time_to_live(b"stock", seconds)


@pytest.mark.parametrize("life", [1, 2])
def test_the_end_of_a_time_to_live_is_seen_within_a_second(backend: Backend, life: int) -> None:
    with backend.opened(timeout=LONG) as locking:
        service = locking.DistributedLocking.open("shop")

        def measured() -> float:
            began = time.monotonic()
            old = service.lock_with_time_to_live(b"stock", life)
            new = service.lock(b"stock")
            took = time.monotonic() - began
            assert took > life - 0.1
            with fails_with(api.DistributedLockingError_InvalidLockId):
                service.unlock(old)
            service.unlock(new)
            return took

        assert takes_less(life + 1, measured)


def test_a_key_whose_time_is_over_does_not_unlock(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    key = service.lock_with_time_to_live(b"stock", 1)
    time.sleep(2)
    with fails_with(api.DistributedLockingError_InvalidLockId):
        service.unlock(key)


@pytest.mark.parametrize("life", [10**6, 2**53, 2**63 - 1])
def test_a_very_long_time_to_live_is_possible(locking: api.DistributedLockingInterface, life: int) -> None:
    service = locking.DistributedLocking.open("shop")
    key = service.lock_with_time_to_live(b"stock", life)
    with fails_with(api.DistributedLockingError_LockTimeoutError):
        service.lock(b"stock")
    service.unlock(key)


@pytest.mark.parametrize("timeout", [0.0, 0.3])
def test_waiting_is_bounded_by_the_timeout(backend: Backend, timeout: float) -> None:
    with backend.opened(timeout=timeout) as locking:
        service = locking.DistributedLocking.open("shop")
        service.lock(b"stock")

        def measured() -> float:
            began = time.monotonic()
            with fails_with(api.DistributedLockingError_LockTimeoutError) as said:
                service.lock(b"stock")
            took = time.monotonic() - began
            assert said == [f"the lock did not become free in {timeout:g} s"]
            assert took >= timeout
            return took

        assert takes_less(timeout + 1, measured)


def test_whoever_waits_gets_the_lock_when_it_is_unlocked(backend: Backend) -> None:
    with backend.opened(timeout=LONG) as locking:
        service = locking.DistributedLocking.open("shop")

        def measured() -> float:
            unlocking = threading.Timer(0.2, service.unlock, [service.lock(b"stock")])
            began = time.monotonic()
            unlocking.start()
            service.unlock(service.lock(b"stock"))
            took = time.monotonic() - began
            unlocking.join()
            assert took > 0.19
            return took

        assert takes_less(1.2, measured)


def test_threads_are_kept_out_of_each_others_way(backend: Backend) -> None:
    inside, most, done = 0, 0, 0
    with backend.opened(timeout=2 * LONG) as locking:

        def work() -> None:
            nonlocal inside, most, done
            service = locking.DistributedLocking.open("shop")
            for _ in range(10):
                key = service.lock(b"stock")
                inside += 1
                most = max(most, inside)
                time.sleep(0.0005)
                inside -= 1
                done += 1
                service.unlock(key)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (most, done) == (1, 60)


def test_closing_wakes_those_who_wait(backend: Backend) -> None:
    said: list[object] = []

    def wait(service: api.DistributedLocking) -> None:
        try:
            service.lock(b"stock")
        except witkit.Err as refused:
            said.append(type(refused.value))

    with ExitStack() as stack:
        locking = stack.enter_context(backend.opened(timeout=10 * LONG))
        service = locking.DistributedLocking.open("shop")
        service.lock(b"stock")
        waiting = threading.Thread(target=wait, args=[service])
        waiting.start()
        time.sleep(0.1)
        stack.close()
        waiting.join(LONG)
        assert said == [api.DistributedLockingError_ConnectionError]
