"""Many processes that use one database at the same time."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.backends.opening import opened
from tests.backends.sql.databases import SERVERS, Shop
from tests.sampled import crowd

SCRIPT = """
import sys, witkit.backends
sql = witkit.backends.open("sql", sys.argv[1], url=sys.argv[2], timeout=20)
shop = sql.Sql.open("shop")
def run(text, *values):
    return shop.query(sql.Statement.prepare(text, list(values)))
for number in range(20):
    run("INSERT INTO orders VALUES (?, ?)", sys.argv[3], str(number))
    run("BEGIN")
    run("UPDATE stock SET pieces = pieces - 1 WHERE item = $1", "tea")
    run("UPDATE stock SET pieces = pieces + 1 WHERE item = $1", "pot")
    run("COMMIT" if number % 2 else "ROLLBACK")
"""


@pytest.mark.parametrize("server", SERVERS)
def test_many_processes_lose_nothing(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{server}_database")
    count = crowd(8)
    with opened("sql", server, url=url) as sql:
        shop = Shop(sql)
        shop.exec("CREATE TABLE orders (writer INTEGER, number INTEGER, PRIMARY KEY (writer, number))")
        shop.exec("CREATE TABLE stock (item VARCHAR(20) PRIMARY KEY, pieces INTEGER)")
        shop.exec("INSERT INTO stock VALUES ('tea', 100), ('pot', 0)")
        command = [sys.executable, "-c", SCRIPT, server, url]
        processes = [subprocess.Popen([*command, str(n)], stderr=subprocess.PIPE, text=True) for n in range(count)]
        assert [process.communicate(timeout=120)[1] for process in processes] == [""] * count
        assert shop.query("SELECT count(*) AS found FROM orders") == [("found", count * 20)]
        stock: list[tuple[str, Any]] = shop.query("SELECT pieces FROM stock ORDER BY item DESC")
        assert stock == [("pieces", 100 - count * 10), ("pieces", count * 10)]
