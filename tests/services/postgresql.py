"""PostgreSQL at 127.0.0.1:5432, which the tests share with others: each test has a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.services.names import new_name
from tests.services.private.postgresql import PrivatePostgresql
from tests.services.standing import Standing, url_fixture

POSTGRESQL = Standing("postgresql", "postgresql://postgres@127.0.0.1:5432/postgres")

postgresql_url = url_fixture(POSTGRESQL, PrivatePostgresql)


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[str]:
    """The URL of an empty database, which is dropped after the test."""
    with database(postgresql_url) as url:
        yield url


@contextmanager
def database(url: str) -> Iterator[str]:
    """The URL of an empty database on the server of `url`, which is dropped at the end, whoever is connected."""
    import psycopg

    name = new_name()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"drop database {name} with (force)".encode())
