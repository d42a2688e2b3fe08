"""The settings that every SQL backend has, and the limits of a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from witkit.backends.failure import Failure, Kind
from witkit.backends.settings import COUNT, TIME_LIMIT, BackendSettings, setting

from .protocol import Rows, Value

TIMEOUT = 5.0
"""The default for `timeout`, in seconds."""

LIMIT = 30.0
"""The default for `limit`, in seconds."""

ROWS = 1_000_000
"""The default for `rows`."""

BYTES = 64 * 1024 * 1024
"""The default for `bytes`."""

EACH = 32
"""The fixed cost of a value in bytes, besides the name of its column and itself. A number costs 8."""


@dataclass(frozen=True, slots=True, repr=False)
class SqlSettings(BackendSettings):
    timeout: float = setting(TIME_LIMIT, "How long connecting may take, and waiting for other users.", TIMEOUT)
    limit: float = setting(TIME_LIMIT, "How long a statement may run.", LIMIT)
    rows: int = setting(COUNT, "The most rows of one result.", ROWS)
    bytes: int = setting(COUNT, "The most bytes of one result.", BYTES)

    def collected(self, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Rows:
        """The result, read from the database row by row. Raises Failure (FULL) as soon as there is too much."""
        each = sum(EACH + len(name.encode()) for name in columns)
        found: list[Sequence[Value]] = []
        left = self.bytes
        for number, row in enumerate(rows, 1):
            if number > self.rows:
                raise Failure(Kind.FULL, f"the answer has more than {self.rows:,} rows")
            left -= each
            for _, data in row:  # A function for each value would take twice the time.
                kind = type(data)
                if kind is str:
                    left -= len(data) if data.isascii() else len(data.encode())
                else:
                    left -= len(data) if kind is bytes else 8
            if left < 0:
                raise Failure(Kind.FULL, f"the answer has more than {self.bytes:,} bytes")
            found.append(row)
        return Rows(columns, found)
