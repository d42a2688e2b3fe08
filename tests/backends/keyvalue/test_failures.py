"""What a broken storage says: an error case to the component, a diagnostic to the user, never a traceback."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.errors import fails_with
from tests.backends.keyvalue.backends import backend_in
from tests.full_disk import files_up_to
from witkit.backends.drafts import ABANDONED_AFTER
from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.text import WitkitError


def refusal(backend: str, settings: dict[str, Any]) -> tuple[str, str, str]:
    """Code, message and help of the diagnostic that opening ends with."""
    with pytest.raises(WitkitError) as caught:
        witkit.backends.open("key-value", backend, **settings)
    (found,) = caught.value.diagnostics
    return found.code, found.message, found.help


def test_a_locked_sqlite_file_is_timeout_error(tmp_path: Path) -> None:
    backend = backend_in("sqlite", tmp_path)
    backend.settings["timeout"] = 0.05
    with backend.opened() as stores:
        store = stores.Keyvalue.open("orders")
        other = sqlite3.connect(tmp_path / "stores.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with fails_with(kv.KeyvalueError_TimeoutError):
            store.set("book", b"2")
        other.execute("ROLLBACK")
        store.set("book", b"2")
        other.close()


def test_a_value_too_large_for_sqlite_is_invalid_value(tmp_path: Path) -> None:
    with backend_in("sqlite", tmp_path).opened() as stores:
        store: Any = stores.Keyvalue.open("orders")
        with store._stores._turns.turn() as (connection, _):
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1000)
        with fails_with(kv.KeyvalueError_InvalidValue):
            store.set("book", bytes(1001))
        assert store.keys() == []


def test_a_sqlite_file_that_lost_its_table_is_an_error_case(tmp_path: Path) -> None:
    with backend_in("sqlite", tmp_path).opened() as stores:
        other = sqlite3.connect(tmp_path / "stores.db")
        other.execute("DROP TABLE key_value")
        other.close()
        with fails_with(kv.KeyvalueError_UnexpectedError) as payload:
            stores.Keyvalue.open("orders")
    assert payload == ["no such table: key_value"]


def test_a_damaged_sqlite_file_is_io_error(tmp_path: Path) -> None:
    backend = backend_in("sqlite", tmp_path)
    with backend.opened() as stores:
        stores.Keyvalue.open("orders").set("book", bytes(100_000))
    content = (tmp_path / "stores.db").read_bytes()
    damaged = content[:8192] + b"\xff" * (len(content) - 8192)
    (tmp_path / "stores.db").write_bytes(damaged)
    assert refusal("sqlite", backend.settings)[:2] == (
        "WIT0802",
        "the backend `sqlite` for key-value cannot be used: database disk image is malformed",
    )
    (tmp_path / "stores.db").write_bytes(content)
    with backend.opened() as stores:
        (tmp_path / "stores.db").write_bytes(damaged)
        with fails_with(kv.KeyvalueError_IoError):
            stores.Keyvalue.open("orders").get("book")


def test_a_folder_that_vanished_is_io_error_and_does_not_name_it(tmp_path: Path) -> None:
    with backend_in("filesystem", tmp_path).opened() as stores:
        store = stores.Keyvalue.open("orders")
        (tmp_path / "stores" / "store-orders").rmdir()
        with fails_with(kv.KeyvalueError_IoError) as set_payload:
            store.set("book", b"2")
        with fails_with(kv.KeyvalueError_IoError):
            store.keys()
    assert str(tmp_path) not in set_payload[0]


def test_a_damaged_file_of_a_long_key_is_io_error(tmp_path: Path) -> None:
    with backend_in("filesystem", tmp_path).opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("k" * 500, b"2")
        (file,) = (tmp_path / "stores" / "store-orders").iterdir()
        file.write_bytes(b"short")
        with fails_with(kv.KeyvalueError_IoError):
            store.get("k" * 500)
        with fails_with(kv.KeyvalueError_IoError):
            store.keys()


def test_files_that_are_not_the_stores_are_left_alone(tmp_path: Path) -> None:
    with backend_in("filesystem", tmp_path).opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("book", b"2")
        for name in (".DS_Store", "README", "key-%zz", "key-%ff", "key-UPPER", "key-", "key-%61"):
            (tmp_path / "stores" / "store-orders" / name).write_bytes(b"")
        assert store.keys() == ["book"]


def test_a_full_disk_is_io_error_and_keeps_the_old_value(tmp_path: Path) -> None:
    """A limit on the size of files simulates a full disk: the write fails half-way."""
    with backend_in("filesystem", tmp_path).opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("book", b"old")
        with files_up_to(10_000), fails_with(kv.KeyvalueError_IoError):
            store.set("book", bytes(100_000))
        assert store.get("book") == b"old"
        assert store.keys() == ["book"]
        assert not list((tmp_path / "stores").glob(".tmp-*"))


def test_what_dead_writers_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    backend = backend_in("filesystem", tmp_path)
    with backend.opened():
        old, young = tmp_path / "stores" / ".tmp-1-old", tmp_path / "stores" / ".tmp-1-young"
        old.touch()
        young.touch()
        past = time.time() - ABANDONED_AFTER - 10
        os.utime(old, (past, past))
    with backend.opened():
        assert not old.exists()
        assert young.exists()


def test_a_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("this is not a database, but a text of some length\n" * 50)
    code, message, _ = refusal("sqlite", {"path": tmp_path / "text"})
    assert code == "WIT0802"
    assert message == "the file for key-value stores cannot be used: file is not a database"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal("filesystem", {"path": tmp_path / "file"})[:2] == (
        "WIT0802",
        "the folder for key-value stores cannot be used: it is a file",
    )
    assert refusal("sqlite", {"path": tmp_path / "file" / "stores.db"})[0] == "WIT0802"


@pytest.mark.parametrize("backend", ["filesystem", "sqlite"])
def test_a_path_that_no_file_can_have_is_refused(backend: str) -> None:
    assert refusal(backend, {"path": "a\0b"})[0] == "WIT0910"


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    code, message, help = refusal("sqlite", {"path": tmp_path})
    assert (code, help) == ("WIT0802", "give the path of a file")
    assert message.endswith("it is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_neither_the_file_nor_the_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal("sqlite", {"path": tmp_path / "pipe"}) == (
        "WIT0802",
        "the file for key-value stores cannot be used: it is a pipe, a socket or a device",
        "give the path of a file",
    )
    assert refusal("filesystem", {"path": tmp_path / "pipe"})[1].endswith("cannot be used: it is not a folder")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other limits")
@pytest.mark.parametrize("backend", ["filesystem", "sqlite"])
def test_a_path_that_is_too_long_is_to_be_shortened(backend: str, tmp_path: Path) -> None:
    code, _, help = refusal(backend, {"path": tmp_path / ("long" * 100) / "stores.db"})
    assert code == "WIT0802"
    assert help.startswith("shorten it: most systems allow 255 bytes")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is writable here")
def test_a_folder_that_is_not_writable_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refusal("filesystem", {"path": tmp_path})[0] == "WIT0802"
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("backend", ["memory", "filesystem", "sqlite"])
def test_an_unknown_setting_is_refused(backend: str) -> None:
    code, message, _ = refusal(backend, {"pathh": "x"})
    assert (code, message) == ("WIT0910", "there is no setting `pathh`")


def test_a_setting_close_to_a_known_one_is_answered_with_that(tmp_path: Path) -> None:
    assert refusal("sqlite", {"pathh": "x"})[2] == "did you mean `path`?"
    assert refusal("memory", {"path": "x"})[2] == "settings of this backend: memory"


@pytest.mark.parametrize(
    "settings", [{"path": ""}, {"path": 3}, {"timeout": -1}, {"timeout": "soon"}, {"timeout": True}]
)
def test_a_setting_of_the_wrong_kind_is_refused(settings: dict[str, Any]) -> None:
    assert refusal("sqlite", settings)[0] == "WIT0910"


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("backend", "url"),
    [
        ("redis", f"rediz://bob:{SECRET}@127.0.0.1:6379"),
        ("redis", f"redis://bob:{SECRET}@127.0.0.1:port"),
        ("nats", f"https://bob:{SECRET}@127.0.0.1:4222"),
        ("nats", f"nats://bob:{SECRET}@127.0.0.1:port"),
        ("nats", "nats://"),
        ("postgresql", f"postgres//bob:{SECRET}@127.0.0.1:5432/shop"),
        ("postgresql", f"postgresql://bob:{SECRET}@127.0.0.1:5432/shop?no-such-option=1"),
    ],
)
def test_a_url_of_the_wrong_kind_is_refused_without_showing_it(backend: str, url: str) -> None:
    code, message, help = refusal(backend, {"url": url})
    assert code == "WIT0910"
    assert message.startswith(("`url` is not the URL of a", "`url` has an unknown option"))
    assert help
    assert SECRET not in message + help


@pytest.mark.parametrize("bucket", ["", "a b", "a.b", "*", "ä", "b" * 65])
def test_a_bucket_that_nats_cannot_have_is_refused(bucket: str) -> None:
    assert refusal("nats", {"bucket": bucket})[:2] == ("WIT0910", "`bucket` cannot be the name of a bucket of NATS")
