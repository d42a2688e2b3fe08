"""A clock that all processes of this machine read alike, and that nobody can set."""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path

if sys.platform == "linux":

    def now() -> float:
        """Seconds since the machine started, with the time that it slept."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:

    def now() -> float:
        """Seconds since the machine started."""
        return time.monotonic()


@cache
def boot() -> str:
    """What distinguishes this start of the machine from others, if the system has a name for it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
