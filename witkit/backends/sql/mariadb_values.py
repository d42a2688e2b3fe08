"""Values of MariaDB in its text format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from .protocol import Value, ValueType

UNSIGNED: Final = 32
"""The flag of a column for numbers without a sign."""


class Column(Protocol):
    """How the server describes a column. `length` is for showing it."""

    name: str
    type_code: int
    flags: int
    length: int


Reader: TypeAlias = Callable[[Any], Value]
"""Reads a value. Raises ValueError if the server did not send it in this format."""


def _of(type: ValueType, read: Callable[[Any], Any]) -> Reader:
    return lambda text: (type, read(text))


def _text(text: str | bytes) -> Value:
    return (ValueType.BINARY, text) if isinstance(text, bytes) else (ValueType.TEXT, text)


def _small(text: str) -> Value:
    """A `TINYINT(1)`, which is what `BOOLEAN` means. It may be another number, too."""
    return (ValueType.BOOLEAN, text == "1") if text in ("0", "1") else (ValueType.INT32, int(text))


def _timestamp(text: str) -> str:
    return text.replace(" ", "T", 1)


_DECIMAL, _FLOAT, _DOUBLE, _BIGINT, _BIT = 0, 4, 5, 8, 16
_INTEGERS: Final = {1, 2, 3, 9, 13}
"""TINYINT, SMALLINT, INT, MEDIUMINT, YEAR."""
_READERS: Final[dict[int, Reader]] = {
    _FLOAT: _of(ValueType.FLOAT, float),
    _DOUBLE: _of(ValueType.DOUBLE, float),
    7: _of(ValueType.TIMESTAMP, _timestamp),  # TIMESTAMP
    10: _of(ValueType.DATE, str),
    11: _of(ValueType.TIME, str),
    12: _of(ValueType.TIMESTAMP, _timestamp),  # DATETIME
    14: _of(ValueType.DATE, str),
}


def reader(field: Column) -> Reader:
    """What reads the values of a column, which PyMySQL gives as `str`, or as `bytes` if they are binary."""
    unsigned = bool(field.flags & UNSIGNED)
    if field.type_code == 1 and field.length == 1 and not unsigned:
        return _small
    if field.type_code in _INTEGERS:
        return _of(ValueType.UINT32 if unsigned else ValueType.INT32, int)
    if field.type_code == _BIGINT:
        return _of(ValueType.UINT64 if unsigned else ValueType.INT64, int)
    if field.type_code == _BIT:
        return _of(ValueType.BOOLEAN, any) if field.length == 1 else _of(ValueType.UINT64, int.from_bytes)
    return _READERS.get(field.type_code, _text)
