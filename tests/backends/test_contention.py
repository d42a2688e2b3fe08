"""Many writers on one SQLite file: each gets its turn."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

import witkit.backends
from tests.backends.errors import fails_with
from tests.sampled import crowd
from witkit.interfaces.sql import sql as sql_api

KEYS = """
import sys, witkit.backends
store = witkit.backends.open("key-value", "sqlite", path=sys.argv[1], timeout=60).Keyvalue.open("orders")
for number in range(40):
    store.set(f"{sys.argv[2]}/{number}", bytes(100))
"""

ROWS = """
import sys, witkit.backends
sql = witkit.backends.open("sql", "sqlite", path=sys.argv[1], timeout=60, limit=60)
shop = sql.Sql.open("shop")
run = lambda text, *values: shop.exec(sql.Statement.prepare(text, list(values)))
run("CREATE TABLE IF NOT EXISTS orders (writer, number)")
for number in range(20):
    run("INSERT INTO orders VALUES (?, ?)", sys.argv[2], str(number))
run("BEGIN")
run("INSERT INTO orders VALUES (?, 'last')", sys.argv[2])
run("COMMIT")
"""


@pytest.mark.parametrize("script", [KEYS, ROWS], ids=["key-value", "sql"])
def test_many_processes_write_without_an_error(script: str, tmp_path: Path) -> None:
    writers = crowd(8)
    command = [sys.executable, "-c", script, str(tmp_path / "data")]
    processes = [subprocess.Popen([*command, str(n)], stderr=subprocess.PIPE, text=True) for n in range(writers)]
    assert [process.communicate(timeout=120)[1] for process in processes] == [""] * writers
    if script is KEYS:
        with witkit.backends.open("key-value", "sqlite", path=tmp_path / "data") as stores:
            assert len(stores.Keyvalue.open("orders").keys()) == writers * 40
    else:
        with witkit.backends.open("sql", "sqlite", path=tmp_path / "data") as sql:
            count = sql.Statement.prepare("SELECT count(*) FROM orders", [])
            assert sql.Sql.open("shop").query(count)[0].value == sql_api.DataType_Int64(writers * 21)


def test_a_transaction_that_others_wait_for_is_refused_at_once(tmp_path: Path) -> None:
    """Both have read and both want to write: if both waited, neither could end."""
    with witkit.backends.open("sql", "sqlite", path=tmp_path, timeout=20) as sql:
        one, other = sql.Sql.open("shop"), sql.Sql.open("shop")

        def run(connection: sql_api.Sql, text: str) -> None:
            connection.exec(sql.Statement.prepare(text, []))

        run(one, "CREATE TABLE orders (item)")
        for connection in (one, other):
            run(connection, "BEGIN")
            run(connection, "SELECT * FROM orders")
        run(one, "INSERT INTO orders VALUES ('tea')")
        ended = threading.Thread(target=run, args=(one, "COMMIT"))
        ended.start()
        with fails_with(sql_api.SqlError_UnexpectedError):
            run(other, "INSERT INTO orders VALUES ('pot')")
        run(other, "ROLLBACK")
        ended.join(timeout=60)
        assert not ended.is_alive()
