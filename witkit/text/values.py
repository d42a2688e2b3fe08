"""Frozen dataclasses for what is made by the thousand.

Type checkers refuse to change them, as any frozen dataclass. At run time nothing enforces that, because the check would
be most of what it costs to make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:
    from dataclasses import dataclass
    from functools import partial

    def value(*, frozen, slots):
        """A dataclass whose instances are hashed by what is in them, and are not to be changed."""
        assert frozen
        return partial(dataclass, slots=slots, unsafe_hash=True)()


__all__ = ["value"]
