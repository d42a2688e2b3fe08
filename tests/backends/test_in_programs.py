"""Every capability in a program with a generated host package: calls, values and errors in its own classes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import witkit.host
from tests.backends.conftest import Relayed
from tests.backends.locking import backends as locks
from tests.backends.opening import embedded
from tests.backends.sql.test_types import POSTGRESQL
from witkit import Engine, Err
from witkit.backends.table import CAPABILITIES, Capability
from witkit.host import Choice

ARGUMENTS = {
    "key-value": "keyvalue",
    "blob-store": "blob_store",
    "sql": "sql",
    "messaging": "messaging",
    "locking": "distributed_locking",
    "configs": "configs",
    "logging": "logging",
    "http-client": "http_client",
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("settings.toml").write_text("")


@contextmanager
def program(relayed: Relayed, capability: str, backend: str, **settings: Any) -> Iterator[tuple[Any, Any]]:
    """An instance, and the generated module of the interface."""
    made = relayed(capability)
    argument = ARGUMENTS[capability]
    component = made.load(Engine(cache=False))
    with (
        witkit.host.bind(component, **{argument: Choice(backend, settings)}) as imports,
        component.instantiate(**imports) as instance,
    ):
        yield instance, getattr(made.package, argument)


@contextmanager
def refused(case: type) -> Iterator[None]:
    """The call raises the error of this very class."""
    with pytest.raises(Err) as caught:
        yield
    assert type(caught.value.value) is case


@pytest.mark.parametrize(
    ("capability", "backend"),
    [(capability, backend) for capability in CAPABILITIES.values() for backend in embedded(capability)],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_backend_fits_every_package_of_its_interface(
    capability: Capability, backend: str, relayed: Relayed
) -> None:
    component = relayed(capability.name).load(Engine(cache=False))
    with witkit.host.bind(component, **{ARGUMENTS[capability.name]: backend}) as imports:
        assert component.check(imports) == ()
        component.instantiate(**imports).close()


@pytest.mark.parametrize("backend", embedded(CAPABILITIES["key-value"]))
def test_key_value_stores(backend: str, relayed: Relayed) -> None:
    with program(relayed, "key-value", backend) as (run, keyvalue):
        store = run.call_keyvalue_open("shop")
        run.call_keyvalue_set(store, "tea", b"\0\xff")
        assert (run.call_keyvalue_get(store, "tea"), run.call_keyvalue_keys(store)) == (b"\0\xff", ["tea"])
        run.call_keyvalue_delete(store, "tea")
        with refused(keyvalue.KeyvalueError_KeyNotFound):
            run.call_keyvalue_get(store, "tea")
        with refused(keyvalue.KeyvalueError_InvalidKey):
            run.call_keyvalue_set(store, "", b"")


def test_blob_stores_and_their_records(relayed: Relayed) -> None:
    with program(relayed, "blob-store", "filesystem", path="blobs") as (run, blob_store):
        photos = run.call_container_open("photos")
        stream = run.call_container_write_object(photos, "cat")
        run.call_write_stream_write(stream, b"meow")
        run.call_write_stream_close(stream)
        found = run.call_container_object_info(photos, "cat")
        assert type(found) is blob_store.ObjectMetadata
        assert (found.name, found.container, found.size) == ("cat", "photos", 4)
        reading = run.call_container_read_object(photos, "cat")
        assert [run.call_read_stream_read(reading, 10) for _ in range(2)] == [b"meow", None]
        with refused(blob_store.Error_UnexpectedError):
            run.call_container_read_object(photos, "dog")


def test_sql_and_a_resource_that_is_lent_to_a_method(relayed: Relayed) -> None:
    with program(relayed, "sql", "sqlite") as (run, sql):
        shop = run.call_sql_open("shop")
        run.call_sql_exec(shop, run.call_statement_prepare("CREATE TABLE t (item TEXT, price REAL)", []))
        run.call_sql_exec(shop, run.call_statement_prepare("INSERT INTO t VALUES ($1, 3.2)", ["tea"]))
        rows = run.call_sql_query(shop, run.call_statement_prepare("SELECT item, price FROM t", []))
        assert rows == [sql.RowItem("item", sql.DataType_Str("tea")), sql.RowItem("price", sql.DataType_Double(3.2))]
        with refused(sql.SqlError_SyntaxError):
            run.call_sql_exec(shop, run.call_statement_prepare("SELEC", []))


def test_every_type_of_value_reaches_a_component(relayed: Relayed, postgresql_database: str) -> None:
    with program(relayed, "sql", "postgresql", url=f"{postgresql_database}?options=-ctimezone%3DUTC") as (run, sql):
        shop = run.call_sql_open("shop")
        everything = run.call_statement_prepare(f"SELECT {', '.join(text for text, _ in POSTGRESQL)}", [])
        found = [item.value for item in run.call_sql_query(shop, everything)]
        wanted = [getattr(sql, type(value).__name__) for _, value in POSTGRESQL]
        assert [type(value) for value in found] == wanted
        assert [getattr(value, "value", None) for value in found] == [
            getattr(value, "value", None) for _, value in POSTGRESQL
        ]


def test_messaging(relayed: Relayed) -> None:
    with program(relayed, "messaging", "memory", wait=0.01) as (run, messaging):
        pub, sub = run.call_pub_open("broker"), run.call_sub_open("broker")
        token = run.call_sub_subscribe(sub, "orders")
        run.call_pub_publish(pub, b"tea", "orders")
        assert [run.call_sub_receive(sub, token) for _ in range(2)] == [b"tea", b""]
        with refused(messaging.MessagingError_QueueOrTopicNotFound):
            run.call_sub_receive(sub, "none")


@pytest.mark.parametrize("backend", locks.ALL)
def test_locks(backend: str, relayed: Relayed, request: pytest.FixtureRequest) -> None:
    settings = {name.replace("_", "-"): value for name, value in locks.settings_for(backend, request).items()}
    with program(relayed, "locking", backend, timeout=0.01, **settings) as (run, locking):
        service = run.call_distributed_locking_open("shop")
        key = run.call_distributed_locking_lock_with_time_to_live(service, b"stock", 60)
        with refused(locking.DistributedLockingError_LockTimeoutError):
            run.call_distributed_locking_lock(service, b"stock")
        run.call_distributed_locking_unlock(service, key)
        with refused(locking.DistributedLockingError_InvalidLockId):
            run.call_distributed_locking_unlock(service, key)


def test_settings_in_memory(relayed: Relayed) -> None:
    with program(relayed, "configs", "memory", values={"greeting": "hello"}) as (run, configs):
        shop = run.call_configs_open("shop")
        assert run.call_configs_get(shop, "greeting") == b"hello"
        with refused(configs.ConfigsError_NotFound):
            run.call_configs_get(shop, "none")


def test_settings_in_the_environment(relayed: Relayed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_SHOP_GREETING", "hello")
    with program(relayed, "configs", "environment", prefix="APP_") as (run, configs):
        shop = run.call_configs_open("shop")
        assert run.call_configs_get(shop, "greeting") == b"hello"
        with refused(configs.ConfigsError_PermissionDenied):
            run.call_configs_set(shop, "greeting", b"bye")
