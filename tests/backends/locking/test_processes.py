"""Several hosts share locks, and some of them die."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from tests.backends.errors import fails_with
from tests.backends.locking.backends import Backend
from tests.backends.locking.hosts import ended, host, line
from tests.sampled import crowd
from witkit.interfaces.distributed_locking import distributed_locking as api

COUNT = """
counter = Path(arguments[0])
for _ in range(int(arguments[1])):
    key = service.lock(b"counter")
    found = int(counter.read_text())
    time.sleep(0.0005)
    counter.write_text(str(found + 1))
    service.unlock(key)
"""

HOLD = """
life = int(arguments[0])
key = service.lock_with_time_to_live(b"stock", life) if life else service.lock(b"stock")
print(key.hex(), flush=True)
sys.stdin.read()
"""


def test_many_hosts_never_hold_one_lock_together(shared: Backend, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    hosts = [host(shared, COUNT, str(counter), "12") for _ in range(crowd(8))]
    for process in hosts:
        ended(process)
    assert counter.read_text() == f"{12 * len(hosts)}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_the_lock_of_a_host_that_was_killed_becomes_free(shared: Backend) -> None:
    holder = host(shared, HOLD, "0")
    line(holder)
    with shared.opened(timeout=0.1) as locking, fails_with(api.DistributedLockingError_LockTimeoutError):
        locking.DistributedLocking.open("shop").lock(b"stock")
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=60)
    with shared.opened(timeout=60) as locking:
        service = locking.DistributedLocking.open("shop")
        service.unlock(service.lock(b"stock"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_lock_with_a_time_to_live_outlives_its_host_until_then(shared: Backend) -> None:
    began = time.monotonic()
    holder = host(shared, HOLD, "3")
    line(holder)
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=60)
    with shared.opened(timeout=60) as locking:
        service = locking.DistributedLocking.open("shop")
        service.unlock(service.lock(b"stock"))
    assert time.monotonic() - began > 3


def test_a_host_that_closes_frees_its_locks_and_leaves_those_with_a_time_to_live(shared: Backend) -> None:
    with shared.opened(timeout=60) as locking:
        service = locking.DistributedLocking.open("shop")
        service.lock(b"stock")
        key = service.lock_with_time_to_live(b"price", 60)
    with shared.opened(timeout=0.1) as locking:
        service = locking.DistributedLocking.open("shop")
        service.unlock(service.lock(b"stock"))
        with fails_with(api.DistributedLockingError_LockTimeoutError):
            service.lock(b"price")
        service.unlock(key)
        service.unlock(service.lock(b"price"))


def test_a_key_unlocks_in_another_process(shared: Backend) -> None:
    holder = host(shared, HOLD, "0")
    key = bytes.fromhex(line(holder))
    with shared.opened(timeout=0.1) as locking:
        service = locking.DistributedLocking.open("shop")
        with fails_with(api.DistributedLockingError_InvalidLockId):
            service.unlock(bytes(16) + b"stock")
        service.unlock(key)
        service.unlock(service.lock(b"stock"))
    ended(holder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_hosts_that_are_killed_again_and_again_leave_no_lock_behind(shared: Backend, tmp_path: Path) -> None:
    """The counter shows that two hosts were never in the middle of a change together."""
    counter = tmp_path / "counter"
    counter.write_text("0")
    workers = [host(shared, COUNT, str(counter), "10") for _ in range(2)]
    for _ in range(3):
        victim = host(shared, "service.lock(b'counter')\nprint(flush=True)\ntime.sleep(60)")
        line(victim)
        victim.kill()
        victim.communicate(timeout=60)
    for process in workers:
        ended(process)
    assert counter.read_text() == "20"
