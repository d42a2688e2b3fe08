"""Values of PostgreSQL in its text format."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from .protocol import ValueType

_SHORT_OFFSET: Final = re.compile(r"[+-]\d\d\Z")


def _timestamp(text: bytes) -> str:
    """`2026-11-26 12:00:00+00` as ISO 8601 writes it. `infinity` and years before our era stay as they are."""
    return _time(text).replace(" ", "T", 1) if text[:1].isdigit() and not text.endswith(b"BC") else text.decode()


def _time(text: bytes) -> str:
    found = text.decode()
    return f"{found}:00" if _SHORT_OFFSET.search(found) else found


def _binary(text: bytes) -> bytes:
    if text.startswith(b"\\x"):
        return bytes.fromhex(text[2:].decode())
    from psycopg.pq import Escaping

    return bytes(Escaping().unescape_bytea(text))


def _true(text: bytes) -> bool:
    return text == b"t"


Reader = tuple[ValueType, Callable[[bytes], Any]]
"""The type of a column, and what reads a value. It raises UnicodeDecodeError, and ValueError if the guest has changed
the format of its session."""

_TEXT: Final[Reader] = (ValueType.TEXT, bytes.decode)
_READERS: Final[dict[int, Reader]] = {
    16: (ValueType.BOOLEAN, _true),
    17: (ValueType.BINARY, _binary),
    20: (ValueType.INT64, int),
    21: (ValueType.INT32, int),
    23: (ValueType.INT32, int),
    26: (ValueType.UINT32, int),  # oid
    28: (ValueType.UINT32, int),  # xid
    29: (ValueType.UINT32, int),  # cid
    700: (ValueType.FLOAT, float),
    701: (ValueType.DOUBLE, float),
    1082: (ValueType.DATE, bytes.decode),
    1083: (ValueType.TIME, _time),
    1114: (ValueType.TIMESTAMP, _timestamp),
    1184: (ValueType.TIMESTAMP, _timestamp),
    1266: (ValueType.TIME, _time),
    5069: (ValueType.UINT64, int),  # xid8
}
"""By the number (OID) of the type, which PostgreSQL never changes for types of its own."""


def readers(types: Sequence[int]) -> list[Reader]:
    """What reads the columns of these types, given by OID."""
    return [_READERS.get(type, _TEXT) for type in types]
