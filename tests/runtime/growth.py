"""What the process grows by while something is done again and again."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path


def growth(use: Callable[[int], None], count: int) -> int:
    """Bytes that the process grows by when something is done so often again, and no object more: the least of three
    times, because a leak grows each time, and the heap of a process that has done other things now and then."""
    use(count)
    rounds = [_growth(use, count) for _ in range(3)]
    assert min(objects for _, objects in rounds) < 20
    return min(size for size, _ in rounds)


def _growth(use: Callable[[int], None], count: int) -> tuple[int, int]:
    gc.collect()
    before, objects = resident(), len(gc.get_objects())
    use(count)
    gc.collect()
    return resident() - before, len(gc.get_objects()) - objects


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
