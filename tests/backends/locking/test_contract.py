"""Locks: what the backends promise."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from witkit.interfaces.distributed_locking import distributed_locking as api


@pytest.fixture
def locking() -> Iterator[api.DistributedLockingInterface]:
    with opened("locking", "memory", timeout=0.05) as found:
        yield found


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


@pytest.mark.parametrize("name", [b"", b"a\0b", b"\xff\xfe", b"n" * 5000])
def test_every_list_of_bytes_names_a_lock(locking: api.DistributedLockingInterface, name: bytes) -> None:
    service = locking.DistributedLocking.open("shop")
    key = service.lock(name)
    service.lock(b"another")
    service.unlock(key)
    service.lock(name)


def test_services_of_different_names_have_nothing_to_do_with_each_other(
    locking: api.DistributedLockingInterface,
) -> None:
    one, two = locking.DistributedLocking.open("one"), locking.DistributedLocking.open("two")
    key = one.lock(b"stock")
    two.lock(b"stock")
    with fails_with(api.DistributedLockingError_InvalidLockId):
        two.unlock(key)


def test_any_handle_of_the_service_may_unlock(locking: api.DistributedLockingInterface) -> None:
    key = locking.DistributedLocking.open("shop").lock(b"stock")
    other = locking.DistributedLocking.open("shop")
    other.unlock(key)
    other.lock(b"stock")


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


def test_a_lock_with_a_time_to_live_frees_itself() -> None:
    with opened("locking", "memory", timeout=20) as locking:
        service = locking.DistributedLocking.open("shop")
        old = service.lock_with_time_to_live(b"stock", 1)
        began = time.monotonic()
        new = service.lock(b"stock")
        assert 0.9 < time.monotonic() - began < 10
        with fails_with(api.DistributedLockingError_InvalidLockId):
            service.unlock(old)
        service.unlock(new)


def test_a_very_long_time_to_live_is_possible(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    service.unlock(service.lock_with_time_to_live(b"stock", 2**63 - 1))


def test_waiting_for_a_very_long_lock_ends_with_the_timeout(locking: api.DistributedLockingInterface) -> None:
    service = locking.DistributedLocking.open("shop")
    service.lock_with_time_to_live(b"stock", 2**63 - 1)
    with fails_with(api.DistributedLockingError_LockTimeoutError):
        service.lock(b"stock")


def test_threads_are_kept_out_of_each_others_way() -> None:
    inside, most, done = 0, 0, 0
    with opened("locking", "memory", timeout=60) as locking:

        def work() -> None:
            nonlocal inside, most, done
            service = locking.DistributedLocking.open("shop")
            for _ in range(20):
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
    assert (most, done) == (1, 120)
