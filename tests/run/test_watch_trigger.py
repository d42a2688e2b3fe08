"""Guests that are served and called for changes in key-value stores."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.run.in_thread import SOON, Noting, in_thread
from tests.run.watching import ask, figures
from tests.runtime import guests
from tests.services.private.nats import PrivateNats
from tests.services.private.redis import PrivateRedis
from tests.services.private.server import PrivateServer
from witkit._resources import data_folder
from witkit.backends.connect import Choice
from witkit.backends.failure import Failure
from witkit.backends.keyvalue.memory import MemoryStores
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.keyvalue.watching import KeyChange, Reported, Watch
from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.http.settings import HttpSettings
from witkit.program.triggers.watch import trigger as watching
from witkit.program.triggers.watch.settings import Watched, read_watches
from witkit.program.triggers.watch.trigger import Running, Watching
from witkit.text import WitkitError
from witkit.text.settings import SettingsTable, read_toml

APP = """
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import store

class EventHandler(exports.EventHandler):
    def handle_event(self, ev):
        if ev.data == b"no":
            raise Err("not this one")
        with store.open("events") as log:
            log.set(ev.subject, f"{ev.ty} {ev.source} {ev.data!r}".encode())

class Watcher(exports.Watcher):
    def on_set(self, bucket, key, value):
        if value == b"broken":
            raise RuntimeError("broken")
        bucket.set(f"copy of {key}", value)

    def on_delete(self, bucket, key):
        bucket.delete(f"copy of {key}")
"""
WORLD = """
package t:watched;
world watched {
  import wasi:keyvalue/store@0.2.0-draft2;
  export spiderlightning:events/event-handler@0.5.1;
  export wasi:keyvalue/watcher@0.2.0-draft2;
}
"""


COMPONENT = guests.component(
    """package t:watcher;
    package wasi:keyvalue@0.2.0-draft {
      interface store {
        variant error { no-such-store, access-denied, other(string) }
        resource bucket { set: func(key: string, value: list<u8>) -> result<_, error>; }
      }
      interface watcher {
        use store.{bucket};
        on-set: func(bucket: bucket, key: string, value: list<u8>);
        on-delete: func(bucket: bucket, key: string);
      }
    }
    world w { import wasi:keyvalue/store@0.2.0-draft; export wasi:keyvalue/watcher@0.2.0-draft; }""",
    f"""(module
      (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.set"
        (func $set (param i32 i32 i32 i32 i32 i32)))
      (import "wasi:keyvalue/store@0.2.0-draft" "[resource-drop]bucket" (func $drop (param i32)))
      {guests.REALLOC}
      (data (i32.const 0) "copygone")
      (func (export "wasi:keyvalue/watcher@0.2.0-draft#on-set")
        (param $bucket i32) (param i32 i32) (param $value i32) (param $size i32)
        (call $set (local.get $bucket)
          (i32.const 0) (i32.const 4) (local.get $value) (local.get $size) (i32.const 16))
        (call $drop (local.get $bucket)))
      (func (export "wasi:keyvalue/watcher@0.2.0-draft#on-delete")
        (param $bucket i32) (param $key i32) (param $size i32)
        (call $set (local.get $bucket)
          (i32.const 4) (i32.const 4) (local.get $key) (local.get $size) (i32.const 16))
        (call $drop (local.get $bucket))))""",
)
"""Stores each value under `copy`, and the key of what was removed under `gone`."""


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    deps = tmp_path / "guest" / "wit" / "deps"
    deps.mkdir(parents=True)
    for name in ("events", "wasi-keyvalue-draft2"):
        (deps / name).symlink_to(data_folder("wit") / name)
    (deps.parent / "world.wit").write_text(WORLD)
    (tmp_path / "guest" / "app.py").write_text(APP)
    return tmp_path / "guest" / "app.py"


@dataclass(frozen=True)
class Known(Noting, Watching):
    """The trigger, which lets the test know that it has started."""


@contextmanager
def served(path: Path, choice: Choice, *watched: Watched, lines: list[str] | None = None) -> Iterator[KeyValue]:
    """Serve a guest until the `with` statement ends; the stores that it shares with the test.

    With `lines` for what is announced, there is a port for those who watch it.
    """
    http = HttpSettings(monitoring=None if lines is None else Address("127.0.0.1", 0))
    announce = (lambda line: None) if lines is None else lines.append
    settings, configured = RunSettings({"key-value": choice}, announce), {"watch": watched, "events": http}
    with in_thread(path, Known(), settings, PoolSettings(), configured) as run:
        stores: KeyValue = run.application.selector("key-value")("shop")
        yield stores


def eventually(look: Callable[[], Any], wanted: Any) -> None:
    """What `look` finds becomes what is wanted."""
    deadline = time.monotonic() + SOON
    while (found := look()) != wanted:
        assert time.monotonic() < deadline, f"{found!r} is not {wanted!r}"
        Event().wait(0.02)


def test_changes_are_counted_by_what_became_of_them(guest: Path) -> None:
    lines: list[str] = []
    with served(guest, Choice("memory"), Watched("shop"), lines=lines) as stores:
        assert ask(lines, "/healthz") == (200, "ok\n")
        assert figures(lines)['witkit_changes_total{outcome="handled",store="shop"}'] == 0
        stores.set("shop", "tea", b"320")
        eventually(lambda: figures(lines)['witkit_changes_total{outcome="handled",store="shop"}'] > 0, True)
        assert figures(lines)['witkit_changes_seconds_count{store="shop"}'] > 0


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_every_handler_of_a_guest_is_called_for_a_change(backend: str, guest: Path, tmp_path: Path) -> None:
    settings = {"path": str(tmp_path / "stores.db")} if backend == "sqlite" else {}
    with served(guest, Choice(backend, settings), Watched("shop", ("tea",))) as stores:
        stores.set("shop", "coffee", b"1")
        stores.set("shop", "tea", b"320")
        eventually(lambda: stores.get("shop", "copy of tea"), b"320")
        eventually(lambda: stores.get("events", "tea"), b"key-value.set key-value/shop b'320'")
        stores.delete("shop", "tea")
        eventually(lambda: stores.get("shop", "copy of tea"), None)
        eventually(lambda: stores.get("events", "tea"), b"key-value.delete key-value/shop None")
        assert stores.keys("events") == ["tea"]


def test_a_component_gets_the_bucket_of_the_change(tmp_path: Path) -> None:
    component = tmp_path / "watcher.wasm"
    component.write_bytes(COMPONENT)
    with served(component, Choice("memory"), Watched("shop", ("tea",))) as stores:
        stores.set("shop", "tea", b"\0320")
        eventually(lambda: stores.get("shop", "copy"), b"\0320")
        stores.delete("shop", "tea")
        eventually(lambda: stores.get("shop", "gone"), b"tea")


def test_a_change_waits_until_an_instance_is_free(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    component = tmp_path / "watcher.wasm"
    component.write_bytes(COMPONENT)
    settings, pool = RunSettings({"key-value": Choice("memory")}), PoolSettings(size=1, wait=0.05)
    with in_thread(component, Known(), settings, pool, {"watch": (Watched("shop", ("tea",)),)}) as run:
        stores: KeyValue = run.application.selector("key-value")("shop")
        with run.application.pool._slots:  # as if another call took it
            stores.set("shop", "tea", b"1")
            eventually(lambda: run.application.pool.waiting, 1)
            eventually(lambda: run.application.pool.waiting, 0)  # it has waited too long
        eventually(lambda: stores.get("shop", "copy"), b"1")
    assert caplog.text == ""


def test_a_change_that_a_guest_cannot_handle_costs_nothing_else(guest: Path, caplog: pytest.LogCaptureFixture) -> None:
    with served(guest, Choice("memory"), Watched("shop", ("tea",))) as stores, caplog.at_level(logging.ERROR):
        for value in (b"no", b"broken", b"1"):
            stores.set("shop", "tea", value)
        eventually(lambda: stores.get("shop", "copy of tea"), b"1")
    said = [record.getMessage() for record in caplog.records if record.name == "witkit.watch"]
    ids = [re.findall(r" id=(\w{16})$", each) for each in said]
    assert said[0] == f"a change of `tea` in the store `shop` failed: the guest returned 'not this one' id={ids[0][0]}"
    assert "RuntimeError: broken" in said[1]
    assert len(said) == 2
    assert ids[0] != ids[1]


def test_a_mistake_of_a_backend_begins_the_watch_again(
    guest: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    raised = list[Exception]()
    works = Reported.next

    def not_closing(watch: Reported) -> None:
        raise OSError("it cannot be closed")

    def failing_once(watch: Reported, wait: float) -> KeyChange | None:
        if not raised:
            raised.append(KeyError("a mistake"))
            raise raised[0]
        return works(watch, wait)

    monkeypatch.setattr(Reported, "next", failing_once)
    monkeypatch.setattr(Reported, "close", not_closing)
    monkeypatch.setattr(watching, "PAUSES", (0.01,))
    with served(guest, Choice("memory"), Watched("shop", ("tea",))) as stores, caplog.at_level(logging.WARNING):
        eventually(lambda: "is watched again" in caplog.text, True)
        stores.set("shop", "tea", b"1")
        eventually(lambda: stores.get("shop", "copy of tea"), b"1")
    assert "the watch of the store `shop` failed: KeyError: 'a mistake'" in caplog.text
    assert caplog.text.count("a watch of the store `shop` cannot be closed: OSError: it cannot be closed") >= 2


def test_a_watch_that_begins_again_while_the_program_stops_is_closed(
    guest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = list[Reported]()
    has_failed, begins_again, has_stopped = Event(), Event(), Event()
    works, watches, stops = Reported.next, MemoryStores.watch, Running.stop

    def failing_once(watch: Reported, wait: float) -> KeyChange | None:
        if not has_failed.is_set():
            has_failed.set()
            raise KeyError("a mistake")
        return works(watch, wait)

    def beginning(stores: MemoryStores, store: str, keys: Collection[str] | None = None) -> Watch:
        if opened:
            begins_again.set()
            assert has_stopped.wait(SOON)
        found = watches(stores, store, keys)
        assert isinstance(found, Reported)
        opened.append(found)
        return found

    def stopping(running: Running) -> None:
        stops(running)
        has_stopped.set()

    monkeypatch.setattr(Reported, "next", failing_once)
    monkeypatch.setattr(MemoryStores, "watch", beginning)
    monkeypatch.setattr(Running, "stop", stopping)
    monkeypatch.setattr(watching, "PAUSES", (0.01,))
    with served(guest, Choice("memory"), Watched("shop", ("tea",))):
        assert begins_again.wait(SOON)
    eventually(lambda: [each._closed for each in opened], [True, True])


@pytest.fixture(params=[pytest.param(each, marks=getattr(pytest.mark, each)) for each in ("redis", "nats")])
def server(request: pytest.FixtureRequest) -> Iterator[PrivateServer]:
    with PrivateRedis() if request.param == "redis" else PrivateNats() as running:
        yield running


def test_a_store_is_watched_again_when_its_server_has_started_again(
    server: PrivateServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    component = tmp_path / "watcher.wasm"
    component.write_bytes(COMPONENT)
    choice = Choice(server.scheme, {"url": server.url, "timeout": 10})

    def copied(stores: KeyValue, value: bytes) -> bytes | None:
        """The copy of a value, which is set again: what has changed before the store was watched was not seen."""
        try:
            stores.set("shop", "tea", value)
            return stores.get("shop", "copy")
        except Failure:
            return None  # the server is not back

    with served(component, choice, Watched("shop", ("tea",))) as stores:
        eventually(lambda: copied(stores, b"1"), b"1")
        server.kill()
        server.start()
        eventually(lambda: copied(stores, b"2"), b"2")
    said = [record.getMessage() for record in caplog.records if record.name == "witkit.watch"]
    assert "the watch of the store `shop` failed" in said[0]
    assert "the store `shop` is watched again; changes meanwhile were not seen" in said


def test_a_backend_that_cannot_watch_is_reported_before_anything_is_served(guest: Path, tmp_path: Path) -> None:
    choice = Choice("filesystem", {"path": str(tmp_path / "stores")})
    with pytest.raises(WitkitError) as refused, served(guest, choice, Watched("shop")):
        pass
    (said,) = refused.value.diagnostics
    assert said.message == (
        "the store `shop` cannot be watched: the backend cannot watch keys; `memory`, `sqlite`, `redis` and `nats` can"
    )


def table(tmp_path: Path, text: str) -> SettingsTable:
    file = tmp_path / "witkit.toml"
    file.write_text(text)
    return read_toml(file)


def test_watches_are_read_from_the_configuration(tmp_path: Path) -> None:
    whole = table(
        tmp_path, '[[key-value.watch]]\nstore = "shop"\n[[key-value.watch]]\nstore = ""\nkeys = ["a", "b", "a"]\n'
    )
    assert [(each.store, each.keys) for each in read_watches(whole.table("key-value"))] == [
        ("shop", None),
        ("", ("a", "b")),
    ]
    assert whole.problems == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('keys = ["a"]', "needs `store`"),
        ('store = "a"\nkeys = []', "`keys` must name at least one key"),
        ('store = "a"\nkeys = [""]', "`keys` must name at least one key"),
        ('store = "a"\nkey = "b"', "has no key `key`"),
    ],
)
def test_a_watch_with_a_mistake_is_refused(tmp_path: Path, line: str, said: str) -> None:
    whole = table(tmp_path, f"[[key-value.watch]]\n{line}\n")
    read_watches(whole.table("key-value"))
    (problem,) = whole.problems
    assert said in problem.message
