"""What a guest may use up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from witkit.text import WitkitError, error

BAD_LIMIT = "WIT0720"

FOREVER = 1 << 62
"""Fuel for more instructions than any process lives to see."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for an instance, or for one call of it; None means no bound.

    `timeout` in seconds of wall clock and `fuel` (about one unit an instruction) start again for each call
    from the host. `memory` in bytes and `table` in elements bound every memory and table of the instance;
    `instances`, `tables` and `memories` bound how many core ones it may have.
    """

    memory: int | None = None
    fuel: int | None = None
    timeout: float | None = None
    table: int | None = None
    instances: int | None = None
    tables: int | None = None
    memories: int | None = None

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

    def apply(self, store: Any) -> None:
        """Set what counts for the whole life of a store."""
        chosen = (self.memory, self.table, self.instances, self.tables, self.memories)
        store.set_limits(*(-1 if value is None else value for value in chosen))
