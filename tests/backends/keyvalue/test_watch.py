"""Watches of keys: what every backend that has them sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.backends.keyvalue.backends import Backend, backend_in, backend_on
from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue import watching
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.keyvalue.watching import KeyChange, Looking, Reported, Watch

SERVERS = [pytest.param("redis", marks=pytest.mark.redis), pytest.param("nats", marks=pytest.mark.nats)]
SECONDS = 60.0
"""How long a change may take on a busy machine."""


@pytest.fixture(params=["memory", "sqlite", *SERVERS])
def backend(request: pytest.FixtureRequest) -> Backend:
    return backend_on(request.param, request)


@pytest.fixture
def stores(backend: Backend) -> Iterator[KeyValue]:
    with backend.spoken() as found:
        yield found


@contextmanager
def other(backend: Backend, stores: KeyValue) -> Iterator[KeyValue]:
    """The same data through another connection, if the backend has any."""
    if backend.name == "memory":
        yield stores
    else:
        with backend.spoken() as found:
            yield found


def seen(watch: Watch, key: str, value: bytes | None) -> None:
    """The change comes. Servers may report one of several changes in a row more than once."""
    while (change := watch.next(SECONDS)) is not None:
        if (change.key, change.value) == (key, value):
            return
    raise AssertionError(f"{key} = {value!r} was not seen")


def test_changes_of_watched_keys_are_seen_whoever_makes_them(backend: Backend, stores: KeyValue) -> None:
    stores.set("shop", "tea", b"old")
    with closing(stores.watch("shop", ["tea", "a b*?.>"])) as watch, other(backend, stores) as writer:
        writer.set("shop", "coffee", b"1")
        writer.set("shop2", "tea", b"1")
        writer.set("shop", "tea", b"\0new\xff")
        assert watch.next(SECONDS) == KeyChange("shop", "tea", b"\0new\xff")
        stores.set("shop", "a b*?.>", b"")
        assert watch.next(SECONDS) == KeyChange("shop", "a b*?.>", b"")
        writer.delete("shop", "tea")
        assert watch.next(SECONDS) == KeyChange("shop", "tea", None)
        assert watch.next(0.2) is None


def test_one_key_may_be_watched(backend: Backend, stores: KeyValue) -> None:
    with closing(stores.watch("", ["é/.."])) as watch:
        stores.set("", "é/...", b"1")
        stores.set("", "é/..", b"2")
        assert watch.next(SECONDS) == KeyChange("", "é/..", b"2")


def test_all_keys_of_a_store_may_be_watched(backend: Backend, stores: KeyValue) -> None:
    stores.set("shop", "tea", b"1")
    with closing(stores.watch("shop")) as watch, other(backend, stores) as writer:
        writer.set("shopping", "tea", b"1")
        for key in ("b", "a", "é"):
            writer.set("shop", key, key.encode())
            seen(watch, key, key.encode())
        writer.delete("shop", "tea")
        seen(watch, "tea", None)


def test_swaps_counters_and_many_at_once_are_changes_too(backend: Backend, stores: KeyValue) -> None:
    with closing(stores.watch("shop")) as watch:
        assert stores.swap("shop", "a", None, b"1")
        seen(watch, "a", b"1")
        assert stores.increment("shop", "a", 2) == 3
        seen(watch, "a", b"3")
        stores.set_many("shop", {"b": b"4", "c": b"5"})
        seen(watch, "b", b"4")
        seen(watch, "c", b"5")
        stores.delete_many("shop", ["a", "b"])
        seen(watch, "a", None)
        seen(watch, "b", None)


def test_the_last_of_many_changes_is_seen(backend: Backend, stores: KeyValue) -> None:
    with closing(stores.watch("shop", ["count"])) as watch:
        for number in range(200):
            stores.set("shop", "count", b"%d" % number)
        seen(watch, "count", b"199")


def test_closing_a_watch_wakes_who_waits(stores: KeyValue) -> None:
    watch = stores.watch("shop", ["tea"])
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(watch.next(SECONDS * 10)))
    thread.start()
    watch.close()
    thread.join(SECONDS)
    assert answers == [None]
    watch.close()
    stores.set("shop", "tea", b"1")
    assert watch.next(0) is None


def test_a_watch_ends_with_its_backend(backend: Backend) -> None:
    with backend.spoken() as stores:
        watch = stores.watch("shop", ["tea"])
    with pytest.raises(Failure) as ended:
        watch.next(SECONDS)
    assert ended.value.kind is Kind.CLOSED


def test_a_backend_that_cannot_watch_names_those_that_can(tmp_path: Path) -> None:
    with backend_in("filesystem", tmp_path).spoken() as stores, pytest.raises(Failure) as refused:
        stores.watch("shop", ["tea"])
    assert refused.value.kind is Kind.UNSUPPORTED
    assert refused.value.message == "the backend cannot watch keys; `memory`, `sqlite`, `redis` and `nats` can"


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "WAITING", 3)
    watch = Reported(lambda: None)
    for number in range(5):
        watch.put(KeyChange("s", str(number), b""))
    assert [watch.next(0) for _ in range(3)] == [KeyChange("s", str(number), b"") for number in range(3)]
    with pytest.raises(Failure) as full:
        watch.next(0)
    assert full.value.kind is Kind.FULL


def test_bytes_that_wait_are_bounded_but_one_change_always_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "WAITING_BYTES", 10)
    watch = Reported(lambda: None)
    watch.put(KeyChange("s", "k", b"x" * 100))
    watch.put(KeyChange("s", "k", b"x"))
    assert watch.next(0) == KeyChange("s", "k", b"x" * 100)
    with pytest.raises(Failure):
        watch.next(0)


def test_a_store_that_is_looked_at_as_a_whole_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "KEYS", 2)
    with pytest.raises(Failure, match="the store has more than 2 keys: name those to watch"):
        Looking("s", None, lambda: 0, lambda: iter([("a", b""), ("b", b""), ("c", b"")]))
