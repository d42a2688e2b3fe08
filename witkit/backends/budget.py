"""Limit the memory of this process that a backend uses for the data of guests."""

from __future__ import annotations

from .failure import Failure, Kind

MEMORY = 256 * 1024 * 1024
"""The default for `memory`, in bytes."""

EACH = 64
"""The fixed cost of an entry in bytes, so that the number of empty entries is limited, too."""


class Full(Failure):
    """The budget is used up."""

    def __init__(self, message: str) -> None:
        super().__init__(Kind.FULL, message)


class ByteBudget:
    """A number of bytes that can be taken and returned. The caller holds a lock."""

    def __init__(self, limit: int) -> None:
        self.limit, self.used = limit, 0

    def take(self, size: int) -> None:
        """Take some bytes. Raises Full if fewer are left. A negative size returns bytes, and never fails."""
        if size > 0 and self.used + size > self.limit:
            raise Full(f"its memory of {self.limit:,} bytes is full")
        self.used += size


def size(*parts: str | bytes) -> int:
    """The cost of an entry with these parts. A string costs four bytes per character, the most that it can take."""
    total = EACH
    for part in parts:
        total += 4 * len(part) if isinstance(part, str) else len(part)
    return total
