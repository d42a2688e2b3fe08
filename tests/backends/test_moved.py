"""The data is removed, renamed or replaced while it is open: nothing is acknowledged that nobody will find."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.errors import fails_with
from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.interfaces.sql import sql as sql_api

TOLD = ["the data file has been removed or replaced while it was open"]


def remove(file: Path) -> None:
    file.unlink()


def remove_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


def rename(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))


def rename_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


def replace(file: Path) -> None:
    shutil.copy(file, file.with_name("copy"))
    file.with_name("copy").replace(file)


def remove_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


def remove_index_of_log(file: Path) -> None:
    file.with_name(f"{file.name}-shm").unlink()


CHANGES = [remove, remove_folder, rename, rename_folder, replace]


@pytest.mark.parametrize("change", [*CHANGES, remove_log, remove_index_of_log], ids=lambda change: change.__name__)
def test_a_key_value_file_that_is_gone_is_io_error(change: Callable[[Path], None], tmp_path: Path) -> None:
    file = tmp_path / "data" / "stores.db"
    with witkit.backends.open("key-value", "sqlite", path=file) as stores:
        store = stores.Keyvalue.open("orders")
        store.set("tea", b"1")
        change(file)
        uses: list[Callable[[], Any]] = [
            lambda: store.set("tea", b"2"),
            lambda: store.set("pot", b"2"),
            store.keys,
            lambda: store.get("tea"),
            lambda: store.delete("tea"),
            lambda: stores.Keyvalue.open("orders"),
        ]
        for use in uses:
            with fails_with(kv.KeyvalueError_IoError) as payload:
                use()
            assert payload == TOLD


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_database_that_is_gone_is_unexpected_error(change: Callable[[Path], None], tmp_path: Path) -> None:
    with witkit.backends.open("sql", "sqlite", path=tmp_path / "data") as databases:
        shop = databases.Sql.open("shop")
        shop.exec(databases.Statement.prepare("CREATE TABLE orders (item)", []))
        change(tmp_path / "data" / "database-shop.db")
        for statement in ("INSERT INTO orders VALUES ('tea')", "SELECT * FROM orders", "DELETE FROM orders"):
            with fails_with(sql_api.SqlError_UnexpectedError) as payload:
                shop.exec(databases.Statement.prepare(statement, []))
            # SQLite itself notices that it cannot make its journal where the folder is.
            assert payload[0] in (*TOLD, "attempt to write a readonly database", "disk I/O error")


@pytest.mark.parametrize("backend", ["sqlite", "filesystem"])
def test_what_is_stored_after_reopening_is_visible_to_others(backend: str, tmp_path: Path) -> None:
    place = tmp_path / "data" / "stores"
    for number in range(2):
        with witkit.backends.open("key-value", backend, path=place) as stores:
            store = stores.Keyvalue.open("orders")
            assert store.keys() == []
            store.set("tea", b"%d" % number)
            with witkit.backends.open("key-value", backend, path=place) as others:
                assert others.Keyvalue.open("orders").get("tea") == b"%d" % number
            shutil.rmtree(place.parent)
            with fails_with(kv.KeyvalueError_IoError):
                store.set("tea", b"lost")


def test_a_store_of_files_that_is_gone_is_io_error(tmp_path: Path) -> None:
    with witkit.backends.open("key-value", "filesystem", path=tmp_path / "data") as stores:
        store = stores.Keyvalue.open("orders")
        store.set("tea", b"1")
        shutil.rmtree(tmp_path / "data")
        uses: list[Callable[[], Any]] = [
            lambda: store.get("tea"),
            lambda: store.set("tea", b"2"),
            store.keys,
            lambda: store.delete("tea"),
            lambda: stores.Keyvalue.open("orders"),
        ]
        for use in uses:
            with fails_with(kv.KeyvalueError_IoError) as payload:
                use()
            assert str(tmp_path) not in payload[0]


def test_a_file_that_only_others_have_opened_and_closed_is_still_the_same(tmp_path: Path) -> None:
    """The last one that closes removes the log: that is not this process as long as it has the file open."""
    file = tmp_path / "stores.db"
    with witkit.backends.open("key-value", "sqlite", path=file) as stores:
        store = stores.Keyvalue.open("orders")
        script = "import sys, witkit.backends as p; p.open('key-value', 'sqlite', path=sys.argv[1]).close()"
        subprocess.run([sys.executable, "-c", script, str(file)], check=True)
        other = sqlite3.connect(file)
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        other.execute("VACUUM")
        other.close()
        store.set("tea", b"1")
        assert store.get("tea") == b"1"
