"""An open backend of each database, with limits that a busy machine keeps to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.opening import opened
from tests.backends.sql.databases import BACKENDS, DIALECTS, TABLE, Dialect, Shop
from witkit.interfaces.sql import sql as api


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """The name of a backend, and settings for a database of the test's own."""
    name: str = request.param
    # In memory, others wait longer than the limit for the end of a transaction.
    settings: dict[str, Any] = {"timeout": 2 if name == "memory" else 30, "limit": 30}
    if name == "sqlite":
        settings["path"] = tmp_path / "sql"
    elif name != "memory":
        settings["url"] = request.getfixturevalue(f"{name}_database")
    return name, settings


@pytest.fixture
def dialect(backend: tuple[str, dict[str, Any]]) -> Dialect:
    return DIALECTS[backend[0]]


@pytest.fixture
def sql(backend: tuple[str, dict[str, Any]]) -> Iterator[api.SqlInterface]:
    with opened("sql", backend[0], **backend[1]) as found:
        yield found


@pytest.fixture
def shop(sql: api.SqlInterface, dialect: Dialect) -> Shop:
    """A shop with an empty table of orders."""
    found = Shop(sql)
    found.exec(TABLE.format(dialect.binary))
    return found
