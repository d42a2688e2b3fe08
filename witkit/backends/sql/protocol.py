"""The protocol of SQL backends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeAlias

from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind


class ValueType(StrEnum):
    """The type of a value in a result, which says what the value is in Python."""

    INT32 = "int32"
    """An `int` of 32 bits with a sign."""
    INT64 = "int64"
    """An `int` of 64 bits with a sign."""
    UINT32 = "uint32"
    """An `int` of 32 bits without a sign."""
    UINT64 = "uint64"
    """An `int` of 64 bits without a sign."""
    FLOAT = "float"
    """A `float` that the database has in single precision."""
    DOUBLE = "double"
    """A `float`."""
    TEXT = "text"
    """A `str`. Also for types that are none of the others, such as decimal numbers, without loss."""
    BOOLEAN = "boolean"
    """A `bool`."""
    DATE = "date"
    """A day, as the `str` `YYYY-MM-DD`."""
    TIME = "time"
    """A time of day, as the `str` `HH:MM:SS` with a fraction and an offset if there are any."""
    TIMESTAMP = "timestamp"
    """A day and a time, as a `str` by ISO 8601 with `T` between them."""
    BINARY = "binary"
    """`bytes`."""
    NULL = "null"
    """None."""


Value: TypeAlias = tuple[ValueType, Any]
"""A value of a result, with its type."""

NO_VALUE: Final[Value] = (ValueType.NULL, None)


@dataclass(frozen=True, slots=True)
class Rows:
    """The result of a statement: the names of its columns, and a row for each with as many values."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


class SqlConnection(Protocol):
    """A connection to one database, for one statement at a time. Everything raises Failure.

    A statement is one SQL statement with the parameters `$1`, `$2`, … or one `?` per value. Values are texts. They
    reach the database beside the statement and never become part of it; the database converts them to the type that
    the statement needs.

    A transaction goes over several calls, from the statement that begins it to the one that ends it. If the connection
    is lost in a transaction, the transaction is undone, and the connection takes no statement except its end.
    """

    @abstractmethod
    def query(self, text: str, parameters: Sequence[str]) -> Rows:
        """Run a statement and return all of its rows. A statement without rows has an empty result.

        Raises Failure (FULL) for a result that is larger than the settings allow.
        """

    @abstractmethod
    def execute(self, text: str, parameters: Sequence[str]) -> None:
        """Run a statement and discard its rows. Outside a transaction, its changes are durable once this returns."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection, which undoes an open transaction. This also happens when nothing refers to it."""


class Sql(Opened, Protocol):
    """Databases by name. `check` and everything else raise Failure."""

    @abstractmethod
    def connect(self, database: str) -> SqlConnection:
        """A new connection to the database with this name."""


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "the databases have been closed")
