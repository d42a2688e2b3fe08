"""Limit the size of an answer, and convert its values to those of the interface."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from witkit.backends.base import Settings, count
from witkit.interfaces.sql import sql as api

ROWS = 1_000_000
"""The default for `rows`: the most rows of one answer."""

BYTES = 64 * 1024 * 1024
"""The default for `bytes`: the most bytes of one answer."""

EACH = 32
"""The fixed cost of an item in bytes, besides its name and its value. A number costs 8."""


class TooMuch(Exception):
    """An answer is too large for the component or the host."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one answer."""

    rows: int = ROWS
    bytes: int = BYTES

    @classmethod
    def of(cls, settings: Settings) -> Bounds:
        """The limits from the settings `rows` and `bytes`. Raises WitkitError (WIT0910)."""
        return cls(count(settings, "rows", ROWS), count(settings, "bytes", BYTES))

    def items(self, cursor: sqlite3.Cursor) -> list[api.RowItem]:
        """The items of all rows, one after the other. Raises TooMuch as soon as there are too many."""
        names = [column[0] for column in cursor.description or ()]
        each = [EACH + len(name.encode()) for name in names]
        found: list[api.RowItem] = []
        left = self.bytes
        for number, row in enumerate(cursor, 1):
            if number > self.rows:
                raise TooMuch(f"the answer has more than {self.rows:,} rows")
            left -= sum(each) + sum(map(_size, row))
            if left < 0:
                raise TooMuch(f"the answer has more than {self.bytes:,} bytes")
            found += [api.RowItem(name, _value(value)) for name, value in zip(names, row, strict=True)]
        return found


def _size(value: Any) -> int:
    match value:
        case str():
            return len(value) if value.isascii() else len(value.encode())
        case bytes():
            return len(value)
        case _:
            return 8


def _value(value: Any) -> api.DataType:
    match value:
        case None:
            return api.DataType_Null()
        case int():
            return api.DataType_Int64(value)
        case float():
            return api.DataType_Double(value)
        case str():
            return api.DataType_Str(value)
        case _:
            return api.DataType_Binary(value)
