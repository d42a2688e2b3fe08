"""What stands for the bytes of a component or core module, in the names of cached files.

SHA-256 takes 10 ms for a component of 20 MB, two thirds of what it takes to load one from the cache. So the parts of a
large content are hashed by several threads, which `hashlib` lets run at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from threading import Thread
from typing import Final

_PART: Final = 1 << 20
_SHARED: Final = 4 * _PART
"""From this size on, another thread is worth it: to start one takes as long as to hash 0.2 MB."""
_THREADS: Final = 4


def digest(content: bytes | memoryview) -> bytes:
    """The 32 bytes that stand for a content: SHA-256 of the SHA-256 of each of its parts, which have 1 MiB each.

    All contents are hashed in these two steps, so that none can pass for the hashes of another one's parts.
    """
    view = memoryview(content)
    found = [b""] * -(-len(view) // _PART)

    def hash_parts(numbers: Iterable[int]) -> None:
        for number in numbers:
            found[number] = sha256(view[number * _PART : (number + 1) * _PART]).digest()

    left = iter(range(len(found)))
    threads = _started(lambda: hash_parts(left), min(_THREADS, _cores()) - 1) if len(view) >= _SHARED else []
    hash_parts(left)
    for thread in threads:
        thread.join()
    hash_parts([number for number, part in enumerate(found) if not part])  # of a thread that ran out of memory
    return sha256(b"".join(found)).digest()


def _started(run: Callable[[], None], count: int) -> list[Thread]:
    """`count` threads, or fewer if the system refuses to start another one."""
    threads: list[Thread] = []
    for _ in range(count):
        thread = Thread(target=run, name="witkit-digest")
        try:
            thread.start()
        except RuntimeError:
            break
        threads.append(thread)
    return threads


def _cores() -> int:
    """How many processors to use: all that this process may, or one if the machine is busy. Then a thread has to wait
    for its turn, which takes longer than to hash."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        return cores if os.getloadavg()[0] < cores else 1
    except (AttributeError, OSError):  # not every system has it
        return cores
