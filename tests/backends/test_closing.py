"""A closed backend: what was open says so, by an error case of its interface, and nothing new can be opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.opening import embedded
from witkit import Err
from witkit.backends.stored_secrets import SecretStore
from witkit.backends.table import CAPABILITIES

USES: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "key-value": ("Keyvalue", lambda backend, store: store.set("tea", b"")),
    "messaging": ("Pub", lambda backend, pub: pub.publish(b"tea", "orders")),
    "locking": ("DistributedLocking", lambda backend, locks: locks.lock(b"stock")),
    "configs": ("Configs", lambda backend, shop: shop.get("greeting")),
    "blob-store": ("Container", lambda backend, photos: photos.list_objects()),
    "sql": ("Sql", lambda backend, shop: shop.exec(backend.Statement.prepare("SELECT 1", []))),
}
"""For each capability the resource that is opened by name, and a use of it that works. Logging has no errors."""


@pytest.mark.parametrize(
    ("capability", "backend"),
    [(capability, backend) for capability in USES for backend in embedded(CAPABILITIES[capability])],
)
def test_after_closing_every_call_is_an_error(
    capability: str, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONFIGS_SHOP_GREETING", "hello")
    Path("settings.toml").write_text('[shop]\ngreeting = "hello"\n')
    SecretStore(Path(".witkit") / "secrets.json").set("shop/greeting", "hello")
    settings = {"values": {"greeting": "hello"}} if (capability, backend) == ("configs", "memory") else {}
    opened = witkit.backends.open(capability, backend, **settings)
    resource, use = USES[capability]
    held = getattr(opened, resource).open("shop")
    use(opened, held)
    opened.close()
    with pytest.raises(Err, match="closed"):
        use(opened, held)
    with pytest.raises(Err, match="closed"):
        getattr(opened, resource).open("shop")


def test_one_that_was_closed_leaves_others_alone() -> None:
    one, other = (witkit.backends.open("messaging") for _ in range(2))
    sub = other.Sub.open("broker")
    token = sub.subscribe("orders")
    one.close()
    other.Pub.open("broker").publish(b"tea", "orders")
    assert sub.receive(token) == b"tea"
    other.close()


def test_a_transaction_that_was_not_ended_is_undone_by_closing(tmp_path: Path) -> None:
    def run(opened: Any, *statements: str) -> Any:
        shop = opened.Sql.open("shop")
        for statement in statements[:-1]:
            shop.exec(opened.Statement.prepare(statement, []))
        return shop, shop.query(opened.Statement.prepare(statements[-1], []))

    with witkit.backends.open("sql", path=tmp_path) as opened:
        held, rows = run(opened, "CREATE TABLE t (a)", "BEGIN", "INSERT INTO t VALUES (1)", "SELECT * FROM t")
        assert len(rows) == 1
    with witkit.backends.open("sql", path=tmp_path) as opened:
        assert run(opened, "SELECT * FROM t")[1] == []
    assert held is not None


def test_what_an_open_stream_of_a_closed_blob_store_writes_is_kept(tmp_path: Path) -> None:
    with witkit.backends.open("blob-store", path=tmp_path) as opened:
        stream = opened.Container.open("photos").write_object("cat")
    stream.write(b"meow")
    stream.close()
    with witkit.backends.open("blob-store", path=tmp_path) as opened:
        assert opened.Container.open("photos").list_objects() == ["cat"]
