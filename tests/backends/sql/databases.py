"""Databases for the tests: how each backend is opened, and how its SQL differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest

from witkit.interfaces.sql import sql as api


@dataclass(frozen=True)
class Dialect:
    """SQL that a database writes in its own way."""

    binary: str
    """The type of bytes."""
    endless: str
    """A statement that runs for much longer than its limit."""
    numbers: str
    """A statement that gives this many rows, with the column `i`."""


_RECURSIVE: Final = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST({} AS INTEGER)) SELECT i FROM n"
)
SQLITE: Final = Dialect(
    "BLOB",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    _RECURSIVE,
)
DIALECTS: Final = {
    "sqlite": SQLITE,
    "memory": SQLITE,
    "postgresql": Dialect(
        "BYTEA", "SELECT pg_sleep(60)", "SELECT i FROM generate_series(1, CAST({} AS INTEGER)) AS n(i)"
    ),
    "mariadb": Dialect("BLOB", "SELECT sleep(60)", "SELECT seq AS i FROM seq_1_to_100000 WHERE seq <= {}"),
}
BACKENDS: Final = [
    "sqlite",
    "memory",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
SERVERS: Final = BACKENDS[2:]

TABLE: Final = (
    "CREATE TABLE orders (number INTEGER PRIMARY KEY, item VARCHAR(200) NOT NULL, price DOUBLE PRECISION"
    " CHECK (price >= 0), photo {})"
)


class Shop:
    """One connection, with statements made and run in one step."""

    def __init__(self, sql: api.SqlInterface, name: str = "shop") -> None:
        self.sql, self.connection = sql, sql.Sql.open(name)

    def items(self, text: str, *params: str) -> list[api.RowItem]:
        return self.connection.query(self.sql.Statement.prepare(text, list(params)))

    def query(self, text: str, *params: str) -> list[tuple[str, Any]]:
        return [(item.field_name, getattr(item.value, "value", None)) for item in self.items(text, *params)]

    def exec(self, text: str, *params: str) -> None:
        self.connection.exec(self.sql.Statement.prepare(text, list(params)))
