"""What stands for contents is the same however many threads hash them, and no other content has it."""

from __future__ import annotations

import threading
from hashlib import sha256

import pytest

from witkit.runtime import digests

PART = 1 << 20
SIZES = [0, 1, PART - 1, PART, PART + 1, 4 * PART - 1, 4 * PART, 9 * PART + 5]


def content(size: int) -> bytes:
    """Bytes of which no two parts are alike."""
    return b"".join(number.to_bytes(8, "little") for number in range(-(-size // 8)))[:size]


def in_two_steps(data: bytes) -> bytes:
    parts = [sha256(data[at : at + PART]).digest() for at in range(0, len(data), PART)]
    return sha256(b"".join(parts)).digest()


@pytest.mark.parametrize("cores", [1, 2, 3, 64])
@pytest.mark.parametrize("size", SIZES)
def test_a_digest_does_not_depend_on_the_threads(size: int, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_cores", lambda: cores)
    data = content(size)
    assert digests.digest(data) == digests.digest(memoryview(data)) == in_two_steps(data)
    assert not [thread for thread in threading.enumerate() if thread.name == "witkit-digest"]


def test_a_large_content_is_hashed_by_other_threads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    started = _noted(monkeypatch, 64)
    digests.digest(content(4 * PART - 1))
    assert started == []
    digests.digest(content(4 * PART))
    assert len(started) == 3


def test_a_digest_does_without_threads_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    started = _noted(monkeypatch, 64, most=1)
    data = content(9 * PART)
    assert digests.digest(data) == in_two_steps(data)
    assert len(started) == 1


def test_parts_that_a_thread_has_dropped_are_hashed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_cores", lambda: 4)
    failed: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: failed.append(args.exc_type.__name__))

    def only_here(data: bytes) -> object:
        if threading.current_thread().name == "witkit-digest":
            raise MemoryError
        return sha256(data)

    monkeypatch.setattr(digests, "sha256", only_here)
    data = content(64 * PART)
    assert digests.digest(data) == in_two_steps(data)
    assert set(failed) <= {"MemoryError"}


@pytest.mark.parametrize(("load", "cores"), [(0.0, 2), (1.9, 2), (2.0, 1), (20.0, 1)])
def test_a_busy_machine_starts_no_threads(load: float, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1}, raising=False)
    monkeypatch.setattr("os.getloadavg", lambda: (load, 9.0, 9.0), raising=False)
    assert digests._cores() == cores


def test_a_system_that_does_not_tell_its_load_counts_as_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> None:
        raise OSError

    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1, 2}, raising=False)
    monkeypatch.setattr("os.getloadavg", unknown, raising=False)
    assert digests._cores() == 3


@pytest.mark.parametrize("size", [PART, 3 * PART])
def test_the_hashes_of_parts_do_not_pass_for_their_content(size: int) -> None:
    data = content(size)
    parts = b"".join(sha256(data[at : at + PART]).digest() for at in range(0, size, PART))
    assert digests.digest(parts) != digests.digest(data)
    assert digests.digest(sha256(parts).digest()) != digests.digest(data)


def _noted(monkeypatch: pytest.MonkeyPatch, cores: int, most: int = 64) -> list[threading.Thread]:
    """The threads that are started, of which the system refuses all but so many."""
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        if len(started) == most:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(digests, "_cores", lambda: cores)
    monkeypatch.setattr(threading.Thread, "start", noted)
    return started
