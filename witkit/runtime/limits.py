"""What a guest may use up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

from witkit.text import WitkitError, error

BAD_LIMIT = "WIT0720"

FOREVER = 1 << 62
"""Fuel for more instructions than any process lives to see."""

_ELEMENT: Final = 8
"""The bytes of an element of a table."""
_FEW: Final = 1 << 16
"""The elements that tables may have together even if `memory` is smaller."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for an instance, or for one call of it; None means no bound.

    `timeout` in seconds of wall clock and `fuel` (about one unit an instruction) start again for each call
    from the host. `memory` in bytes bounds all memories of the instance together, `table` in elements all its tables;
    without `table`, they have as much room as `memory`, or 65,536 elements if that is more. `instances`, `tables` and
    `memories` bound how many core ones it may have. `descriptors` bounds the files, folders and sockets that it has
    open through `Wasi`, which otherwise are 512.
    """

    memory: int | None = None
    fuel: int | None = None
    timeout: float | None = None
    table: int | None = None
    instances: int | None = None
    tables: int | None = None
    memories: int | None = None
    descriptors: int | None = None

    @classmethod
    def untrusted(
        cls, *, memory: int | None = 256 << 20, fuel: int | None = None, timeout: float | None = 10.0,
        table: int | None = 1_000_000, instances: int | None = 200, tables: int | None = 50,
        memories: int | None = 20, descriptors: int | None = 64,
    ) -> Self:  # fmt: skip
        """Bounds for a guest that nobody trusts, each of which can be given. `fuel` is not bounded, because a timeout
        ends what computes for too long, and counting costs speed."""
        return cls(memory, fuel, timeout, table, instances, tables, memories, descriptors)

    @property
    def elements(self) -> int | None:
        """The most elements of all tables."""
        if self.table is not None or self.memory is None:
            return self.table
        return max(self.memory // _ELEMENT, _FEW)

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            allowed = (int, float) if field.name == "timeout" else (int,)
            if isinstance(value, bool) or not isinstance(value, allowed) or not 0 <= value < 1 << 62:
                raise WitkitError([
                    error(BAD_LIMIT, f"the limit `{field.name}` is {value!r}", help="a limit is a number, 0 or more")
                ])  # fmt: skip
