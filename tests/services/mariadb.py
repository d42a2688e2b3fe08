"""MariaDB at 127.0.0.1:3306, which the tests share with others: each test has a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.services.names import new_name
from tests.services.private.mariadb import PrivateMariadb
from tests.services.private.mariadb import connect as connect
from tests.services.standing import Standing, url_fixture

MARIADB = Standing("mariadb", "mariadb://root@127.0.0.1:3306/test")

mariadb_url = url_fixture(MARIADB, PrivateMariadb)


@pytest.fixture
def mariadb_database(mariadb_url: str) -> Iterator[str]:
    """The URL of an empty database, which is dropped after the test."""
    with database(mariadb_url) as url:
        yield url


@contextmanager
def database(url: str) -> Iterator[str]:
    """The URL of an empty database on the server of `url`, which is dropped at the end."""
    name = new_name()
    with closing(connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(f"create database {name} character set utf8mb4")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f"drop database {name}")
