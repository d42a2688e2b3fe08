"""How much of this process's memory a backend may use for the data of its guests."""

from __future__ import annotations

from .base import Settings, count

MEMORY = 256 * 1024 * 1024
"""Bytes where no `memory` is set."""

EACH = 64
"""Bytes that every entry counts besides its texts and bytes, so that empty ones are bounded, too."""


class Full(Exception):
    """The memory is used up."""


class Budget:
    """Bytes that can be taken and given back. The caller holds a lock."""

    def __init__(self, limit: int) -> None:
        self.limit, self.used = limit, 0

    def take(self, size: int) -> None:
        """Raises Full where that is more than is left. A negative size gives back, and never fails."""
        if size > 0 and self.used + size > self.limit:
            raise Full(f"the memory for it is full: it holds {self.limit:,} bytes")
        self.used += size


def budget(settings: Settings) -> Budget:
    """What the setting `memory` allows, in bytes. Raises WitkitError (WIT0910)."""
    return Budget(count(settings, "memory", MEMORY))


def size(*parts: str | bytes) -> int:
    """What an entry with these parts counts. A text counts four bytes a character, which is what it may take."""
    return EACH + sum(len(part) * (4 if isinstance(part, str) else 1) for part in parts)
