"""`spiderlightning:sql/sql` over SQL backends."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any, ClassVar, Final, Self

from witkit.backends.failure import Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.selector import Selector
from witkit.backends.sql.protocol import Rows, SqlConnection, ValueType
from witkit.backends.sql.protocol import Sql as Databases
from witkit.interfaces.sql import sql as api

CASES = Cases(
    api.SqlError_UnexpectedError,
    {
        Kind.INVALID_REQUEST: api.SqlError_SyntaxError,
        Kind.INVALID_VALUE: api.SqlError_SyntaxError,
        Kind.CONFLICT: api.SqlError_ConstraintViolation,
        Kind.DENIED: api.SqlError_AccessViolation,
    },
)

_MADE: Final[dict[ValueType, Callable[[Any], api.DataType]]] = {
    ValueType.INT32: api.DataType_Int32,
    ValueType.INT64: api.DataType_Int64,
    ValueType.UINT32: api.DataType_Uint32,
    ValueType.UINT64: api.DataType_Uint64,
    ValueType.FLOAT: api.DataType_Float,
    ValueType.DOUBLE: api.DataType_Double,
    ValueType.TEXT: api.DataType_Str,
    ValueType.BOOLEAN: api.DataType_Boolean,
    ValueType.DATE: api.DataType_Date,
    ValueType.TIME: api.DataType_Time,
    ValueType.TIMESTAMP: api.DataType_Timestamp,
    ValueType.BINARY: api.DataType_Binary,
    ValueType.NULL: lambda _: api.DataType_Null(),
}


class Statement:
    """`resource statement`: an SQL text and the values of its parameters."""

    def __init__(self, query: str, params: list[str]) -> None:
        self.query, self.params = query, params

    @classmethod
    def prepare(cls, query: str, params: list[str]) -> Self:
        """Keep both as they are. Mistakes in them are errors when the statement runs."""
        return cls(query, list(params))


class Sql:
    """`resource sql`: one connection to one database."""

    _selector: ClassVar[Selector[Databases]]

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, name: str) -> Self:
        """A connection to the database with this name."""
        with CASES.raised("sql open"):
            return cls(cls._selector(name).connect(name))

    def query(self, q: api.Statement) -> list[api.RowItem]:
        """The items of all rows, one after the other."""
        assert isinstance(q, Statement), "the runtime gives back what `prepare` made"
        with CASES.raised("sql query"):
            return _flat(self._connection.query(q.query, q.params))

    def exec(self, q: api.Statement) -> None:
        """Run the statement and discard its rows."""
        assert isinstance(q, Statement), "the runtime gives back what `prepare` made"
        with CASES.raised("sql exec"):
            self._connection.execute(q.query, q.params)


class SqlInterface:
    """`interface sql`: the implementation for an import."""

    def __init__(self, selector: Selector[Databases]) -> None:
        self._bound = type("Sql", (Sql,), {"_selector": selector, "__doc__": Sql.__doc__})

    @property
    def Sql(self) -> type[Sql]:
        """The class of connections of this selector."""
        return self._bound

    @property
    def Statement(self) -> type[Statement]:
        """The class of statements."""
        return Statement


def _flat(found: Rows) -> list[api.RowItem]:
    """The items of all rows. The loop over them is in C, which takes half the time for a large result."""
    values = [_MADE[type](data) for row in found.rows for type, data in row]
    if len(values) != len(found.columns) * len(found.rows):
        raise ValueError("a row does not have one value for each column")
    return list(map(api.RowItem, cycle(found.columns), values))
