"""A clock that all processes of this machine read alike, and that nobody can set."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Final

_BOOTTIME: Final = getattr(time, "CLOCK_BOOTTIME", None)


def now() -> float:
    """Seconds since the machine started. On Linux they include the time that it slept."""
    return time.monotonic() if _BOOTTIME is None else time.clock_gettime(_BOOTTIME)


@cache
def boot() -> str:
    """What distinguishes this start of the machine from others, if the system has a name for it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
