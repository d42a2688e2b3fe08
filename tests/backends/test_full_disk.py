"""A full disk: nothing is torn, and what a guest deletes makes room."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.disks import fill, small_disk
from tests.backends.errors import fails_with
from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.interfaces.sql import sql as sql_api
from witkit.text import WitkitError


@pytest.mark.parametrize("backend", ["sqlite", "filesystem"])
@pytest.mark.parametrize(("kibibytes", "size"), [(512, 1_000), (768, 30_000), (2048, 200_000), (4096, 90_000)])
@pytest.mark.parametrize("by_others", [False, True])
def test_keys_can_be_deleted_and_make_room(
    backend: str, kibibytes: int, size: int, by_others: bool, tmp_path: Path
) -> None:
    with (
        small_disk(tmp_path, kibibytes) as disk,
        witkit.backends.open("key-value", backend, path=disk / "stores") as stores,
    ):
        store = stores.Keyvalue.open("orders")
        values = {}
        if by_others:
            values = {f"{number}": os.urandom(size) for number in range(2)}
            for key, value in values.items():
                store.set(key, value)
            fill(disk)
        with fails_with(kv.KeyvalueError_IoError):
            for number in itertools.count(len(values)):
                value = os.urandom(size)
                store.set(f"{number}", value)
                values[f"{number}"] = value
        with fails_with(kv.KeyvalueError_IoError):
            store.set("0", os.urandom(4 * size * (len(values) + 1) + 1_000_000))
        assert {key: store.get(key) for key in store.keys()} == values
        for key in list(values):
            store.delete(key)
        assert store.keys() == []
        if size > 1_000:
            store.set("again", os.urandom(min(size, 30_000) // 2))


@pytest.mark.parametrize("left", [0, 8, 24])
def test_a_file_that_cannot_be_created_for_lack_of_room_is_reported_so(left: int, tmp_path: Path) -> None:
    with small_disk(tmp_path, 256) as disk:
        (disk / "others").write_bytes(bytes((256 - left) * 1024))
        with pytest.raises(WitkitError) as refused, witkit.backends.open("key-value", path=disk / "stores"):
            pass
    (said,) = refused.value.diagnostics
    assert said.message == "the file for key-value stores cannot be used: its disk is full"
    assert said.help == "make room on the disk, or use another file"


def rows(count: int, size: int) -> str:
    """A statement that adds rows of so many bytes."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    return f"INSERT INTO orders {numbers} SELECT randomblob({size}) FROM n"


@pytest.mark.parametrize("size", [100, 5_000, 50_000])
@pytest.mark.parametrize("in_transaction", [False, True])
def test_rows_can_be_deleted_and_make_room(size: int, in_transaction: bool, tmp_path: Path) -> None:
    with small_disk(tmp_path, 2048) as disk, witkit.backends.open("sql", path=disk / "sql") as sql:
        shop = sql.Sql.open("shop")

        def run(statement: str) -> Any:
            return shop.query(sql.Statement.prepare(statement, []))

        run("CREATE TABLE orders (photo)")
        with fails_with(sql_api.SqlError_UnexpectedError) as payload:
            while True:
                run(rows(count=20_000 // size + 1, size=size))
        assert payload == ["database or disk is full"]
        fill(disk)
        (before,) = run("SELECT count(*) FROM orders")
        if in_transaction:
            run("BEGIN")
        run("DELETE FROM orders WHERE rowid IN (SELECT rowid FROM orders LIMIT 1)")
        run("DELETE FROM orders WHERE rowid IN (SELECT rowid FROM orders LIMIT 20)")
        if in_transaction:
            run("COMMIT")
        (after,) = run("SELECT count(*) FROM orders")
        assert after.value.value < before.value.value
        run("DELETE FROM orders")
        run(rows(count=1, size=size))
        assert run("PRAGMA foreign_keys")[0].value.value == 1


def test_a_transaction_that_met_the_full_disk_is_undone_as_a_whole(tmp_path: Path) -> None:
    with small_disk(tmp_path, 2048) as disk, witkit.backends.open("sql", path=disk / "sql") as sql:
        shop = sql.Sql.open("shop")

        def run(statement: str) -> Any:
            return shop.query(sql.Statement.prepare(statement, []))

        run("CREATE TABLE orders (photo)")
        run("BEGIN")
        with fails_with(sql_api.SqlError_UnexpectedError):
            for _ in range(100):
                run(rows(count=1, size=100_000))
        assert run("SELECT * FROM orders") == []
