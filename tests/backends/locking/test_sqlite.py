"""Locks in a SQLite file: dead hosts, stopped hosts, restarts of the machine, and files that go away or are damaged."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import witkit.backends
from tests.backends.disks import fill, small_disk
from tests.backends.errors import fails_with
from tests.backends.locking.backends import Backend
from tests.backends.locking.hosts import host, line
from witkit import WitkitError
from witkit.interfaces.distributed_locking import distributed_locking as api

HOLD = "service.lock(b'stock')\nprint(os.getpid(), flush=True)\nsys.stdin.read()"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "locks.db"


@pytest.fixture
def sqlite(file: Path) -> Backend:
    return Backend("sqlite", {"path": file})


def rows(file: Path) -> int:
    connection = sqlite3.connect(file)
    (found,) = connection.execute("SELECT count(*) FROM locks").fetchone()
    connection.close()
    return int(found)


def sessions(file: Path) -> int:
    return len([*file.parent.glob("*-session-*")])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_a_host_that_is_stopped_keeps_its_lock(sqlite: Backend) -> None:
    holder = host(sqlite, HOLD)
    stopped = int(line(holder))
    os.kill(stopped, signal.SIGSTOP)
    try:
        with sqlite.opened(timeout=1) as locking, fails_with(api.DistributedLockingError_LockTimeoutError):
            locking.DistributedLocking.open("shop").lock(b"stock")
    finally:
        os.kill(stopped, signal.SIGCONT)
        holder.communicate(timeout=60)


def test_nothing_is_left_of_hosts_that_died(sqlite: Backend, file: Path) -> None:
    for _ in range(2):
        holder = host(sqlite, HOLD)
        line(holder)
        holder.kill()
        holder.communicate(timeout=60)
    with sqlite.opened():
        assert (rows(file), sessions(file)) == (0, 1)
    assert sessions(file) == 0


def test_locks_that_are_over_are_forgotten(sqlite: Backend, file: Path) -> None:
    with sqlite.opened() as locking:
        service = locking.DistributedLocking.open("shop")
        for number in range(5):
            service.lock_with_time_to_live(b"%d" % number, 1)
        time.sleep(1.1)
        for _ in range(100):
            service.unlock(service.lock(b"after"))
        assert rows(file) == 0


def test_locks_from_before_a_restart_of_the_machine_are_free(sqlite: Backend, file: Path) -> None:
    with sqlite.opened(timeout=0.1) as locking:
        service = locking.DistributedLocking.open("shop")
        key = service.lock(b"stock")
        other = service.lock_with_time_to_live(b"price", 1000)
        connection = sqlite3.connect(file)
        connection.execute("UPDATE locks SET boot = 'another start'")
        connection.commit()
        connection.close()
        for old in (key, other):
            with fails_with(api.DistributedLockingError_InvalidLockId):
                service.unlock(old)
        service.unlock(service.lock(b"stock"))
        service.unlock(service.lock(b"price"))


def test_two_backends_of_one_process_have_sessions_of_their_own(sqlite: Backend) -> None:
    with sqlite.opened(timeout=0.1) as one:
        with sqlite.opened(timeout=0.1) as two:
            held = two.DistributedLocking.open("shop").lock(b"stock")
            service = one.DistributedLocking.open("shop")
            with fails_with(api.DistributedLockingError_LockTimeoutError):
                service.lock(b"stock")
        with fails_with(api.DistributedLockingError_InvalidLockId):
            service.unlock(held)
        service.unlock(service.lock(b"stock"))


def remove(file: Path) -> None:
    file.unlink()


def remove_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


def remove_session(file: Path) -> None:
    for session in file.parent.glob("*-session-*"):
        session.unlink()


def replace(file: Path) -> None:
    shutil.copy(file, file.with_name("copy"))
    file.with_name("copy").replace(file)


@pytest.mark.parametrize("change", [remove, remove_folder, remove_session, replace], ids=lambda change: change.__name__)
def test_no_lock_is_given_in_a_file_that_nobody_else_can_find(
    change: Callable[[Path], None], sqlite: Backend, file: Path
) -> None:
    with sqlite.opened(timeout=0.1) as locking:
        service = locking.DistributedLocking.open("shop")
        key = service.lock(b"stock")
        change(file)
        with fails_with(api.DistributedLockingError_LockAcquireError) as said:
            service.lock(b"price")
        with fails_with(api.DistributedLockingError_LockReleaseError):
            service.unlock(key)
        with fails_with(api.DistributedLockingError_LockAcquireError):
            locking.DistributedLocking.open("shop")
        assert said == ["the data file has been removed or replaced while it was open"]


def test_a_file_that_others_write_for_too_long_is_an_error(
    sqlite: Backend, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("witkit.backends.locking.sqlite.PATIENCE", 0.2)
    with sqlite.opened(timeout=20) as locking:
        service = locking.DistributedLocking.open("shop")
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        with fails_with(api.DistributedLockingError_ConnectionError) as said:
            service.lock(b"stock")
        assert said == ["other users of the storage did not finish in time"]
        connection.execute("ROLLBACK")
        connection.close()
        service.unlock(service.lock(b"stock"))


def folder(place: Path) -> None:
    place.mkdir()


def text(place: Path) -> None:
    place.write_text("not a database\n" * 100)


def in_a_file(place: Path) -> None:
    place.parent.rmdir()
    place.parent.write_text("")


@pytest.mark.parametrize("prepare", [folder, text, in_a_file], ids=lambda prepare: prepare.__name__)
def test_a_file_that_cannot_be_used_is_reported_before_anything_runs(
    prepare: Callable[[Path], None], file: Path
) -> None:
    file.parent.mkdir()
    prepare(file)
    with pytest.raises(WitkitError) as caught:
        witkit.backends.open("locking", "sqlite", path=file)
    assert [each.code for each in caught.value.diagnostics] == ["WIT0802"]
    assert "the file for locks cannot be used" in caught.value.diagnostics[0].message


@pytest.mark.parametrize("kibibytes", [768, 2048])
def test_locks_can_be_unlocked_on_a_full_disk(kibibytes: int, tmp_path: Path) -> None:
    with small_disk(tmp_path, kibibytes) as disk, Backend("sqlite", {"path": disk / "locks.db"}).opened() as locking:
        service = locking.DistributedLocking.open("shop")
        keys = [service.lock(b"%d" % number * 1000) for number in range(5)]
        fill(disk)
        with fails_with(api.DistributedLockingError_LockAcquireError):
            for number in itertools.count(5):
                keys.append(service.lock(b"%d" % number * 5000))
        for key in keys:
            service.unlock(key)
        service.unlock(service.lock(b"stock"))
