"""`wasi:keyvalue` in components: both drafts, on every backend, beside SpiderLightning's interface."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

import witkit.backends.fronts.wasi.keyvalue.buckets as buckets
from tests.backends.keyvalue.backends import Backend
from tests.relay import relay_of
from witkit import Engine, Err
from witkit._resources import data_folder
from witkit.backends.connect import Choice, Connections, matched
from witkit.interfaces.keyvalue import keyvalue
from witkit.program.connected import needed
from witkit.runtime import Provided

DRAFTS = ("draft", "draft2")


@dataclass(frozen=True)
class Draft:
    """A component that hands every call of one draft and of SpiderLightning's interface on, and its package."""

    name: str
    component: Any
    package: Any


@pytest.fixture(scope="module")
def relays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Draft]]:
    folder = tmp_path_factory.mktemp("relays")
    sys.path.insert(0, str(folder))
    made = {}
    for name in DRAFTS:
        of_draft = [
            import_module(f"witkit.interfaces.wasi_keyvalue_{name}.{interface}").INTERFACE
            for interface in ("store", "atomics", "batch")
        ]
        sources = [data_folder("wit") / f"wasi-keyvalue-{name}", data_folder("wit") / "keyvalue"]
        relay = relay_of([*of_draft, keyvalue.INTERFACE], sources, folder, f"with_wasi_keyvalue_{name}")
        made[name] = Draft(name, relay.load(Engine(cache=False)), relay.package)
    yield made
    sys.path.remove(str(folder))


@pytest.fixture(params=DRAFTS)
def draft(request: pytest.FixtureRequest, relays: dict[str, Draft]) -> Draft:
    return relays[request.param]


@contextmanager
def running(draft: Draft, choice: Choice) -> Iterator[Any]:
    """An instance whose imports have the chosen backend, as `witkit run` connects them."""
    needs, unmet = matched(needed(draft.component))
    assert unmet == []
    with Connections(needs, {"key-value": choice}) as connections:
        provided = [Provided(need.described(), connections.implementations[name]) for name, need in needs.items()]
        with draft.component.instantiate(
            **{each.name.partition("/")[2].partition("@")[0]: each for each in provided}
        ) as instance:
            yield instance


@pytest.fixture
def guest(draft: Draft, backend: Backend) -> Iterator[Any]:
    with running(draft, Choice(backend.name, backend.settings)) as instance:
        yield instance


@pytest.fixture
def in_memory(draft: Draft) -> Iterator[Any]:
    with running(draft, Choice("memory")) as instance:
        yield instance


@contextmanager
def refused(case: str, said: str = "") -> Iterator[None]:
    """The call raises the error of this name, with this text in it."""
    with pytest.raises(Err) as caught:
        yield
    assert type(caught.value.value).__name__ == case
    assert said in str(getattr(caught.value.value, "value", ""))


def test_a_bucket_has_what_was_stored(guest: Any) -> None:
    bucket = guest.call_open("orders")
    assert guest.call_bucket_get(bucket, "book") is None
    assert not guest.call_bucket_exists(bucket, "book")
    guest.call_bucket_set(bucket, "book", b"\0\xff")
    guest.call_bucket_set(bucket, "empty", b"")
    assert guest.call_bucket_get(bucket, "book") == b"\0\xff"
    assert guest.call_bucket_get(bucket, "empty") == b""
    assert guest.call_bucket_exists(bucket, "empty")
    assert guest.call_bucket_list_keys(bucket, None).keys == ["book", "empty"]
    guest.call_bucket_delete(bucket, "book")
    guest.call_bucket_delete(bucket, "book")
    assert guest.call_bucket_list_keys(bucket, None).keys == ["empty"]


def test_both_interfaces_share_data_in_one_guest(guest: Any) -> None:
    bucket, store = guest.call_open("orders"), guest.call_keyvalue_open("orders")
    guest.call_bucket_set(bucket, "book", b"1")
    assert guest.call_keyvalue_get(store, "book") == b"1"
    guest.call_keyvalue_set(store, "pen", b"2")
    assert guest.call_bucket_list_keys(bucket, None).keys == ["book", "pen"]


def test_many_keys_are_handled_in_one_call(guest: Any) -> None:
    bucket = guest.call_open("orders")
    guest.call_set_many(bucket, [("a", b"1"), ("b", b"2"), ("a", b"3")])
    assert guest.call_get_many(bucket, ["b", "none", "a"]) == [("b", b"2"), None, ("a", b"3")]
    guest.call_delete_many(bucket, ["a", "none"])
    assert guest.call_bucket_list_keys(bucket, None).keys == ["b"]


def test_a_number_is_counted_on(guest: Any) -> None:
    bucket = guest.call_open("orders")
    assert guest.call_increment(bucket, "count", 5) == 5
    assert guest.call_increment(bucket, "count", 37) == 42
    assert guest.call_bucket_get(bucket, "count") == b"42"
    guest.call_bucket_set(bucket, "count", b"many")
    with refused("Error_Other", "not a number"):
        guest.call_increment(bucket, "count", 1)
    assert guest.call_bucket_get(bucket, "count") == b"many"


def test_pages_together_are_all_keys_and_each_once(guest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "PAGE", 3)
    bucket = guest.call_open("orders")
    names = sorted(["é", "😀", "a/b", *(f"k{number}" for number in range(6))])
    guest.call_set_many(bucket, [(name, b"") for name in names])
    found, cursor = [], None
    while True:
        page = guest.call_bucket_list_keys(bucket, cursor)
        found.append(list(page.keys))
        # What is deleted while it is listed must not hide what comes after it.
        guest.call_delete_many(bucket, page.keys)
        if (cursor := page.cursor) is None:
            break
    assert [len(keys) for keys in found] == [3, 3, 3]
    assert [name for keys in found for name in keys] == names


def test_two_listings_of_one_handle_do_not_disturb_each_other(in_memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "PAGE", 2)
    bucket = in_memory.call_open("orders")
    in_memory.call_set_many(bucket, [(name, b"") for name in "abcde"])
    one, other = (in_memory.call_bucket_list_keys(bucket, None) for _ in range(2))
    one = in_memory.call_bucket_list_keys(bucket, one.cursor)
    assert in_memory.call_bucket_list_keys(bucket, one.cursor).keys == ["e"]
    assert in_memory.call_bucket_list_keys(bucket, other.cursor).keys == ["c", "d"]


def test_a_number_that_is_not_a_cursor_is_refused(relays: dict[str, Draft]) -> None:
    with running(relays["draft"], Choice("memory")) as guest:
        bucket = guest.call_open("orders")
        with refused("Error_Other", "no such cursor"):
            guest.call_bucket_list_keys(bucket, 7)


def test_counters_without_a_sign_leave_negative_numbers_alone(relays: dict[str, Draft]) -> None:
    with running(relays["draft"], Choice("memory")) as guest:
        bucket = guest.call_open("orders")
        guest.call_bucket_set(bucket, "count", b"-5")
        with refused("Error_Other", "negative"):
            guest.call_increment(bucket, "count", 3)
        assert guest.call_bucket_get(bucket, "count") == b"-5"
        with refused("Error_Other", "64 bits"):
            guest.call_increment(bucket, "other", 1 << 63)
        assert guest.call_bucket_get(bucket, "other") is None


def test_swap_succeeds_if_nobody_came_between(relays: dict[str, Draft], backend: Backend) -> None:
    with running(relays["draft2"], Choice(backend.name, backend.settings)) as guest:
        bucket = guest.call_open("orders")
        first = guest.call_cas_new(bucket, "book")
        assert guest.call_cas_current(first) is None
        guest.call_swap(first, b"1")
        late, early = (guest.call_cas_new(bucket, "book") for _ in range(2))
        guest.call_swap(early, b"2")
        with pytest.raises(Err) as caught:
            guest.call_swap(late, b"3")
        failed: Any = caught.value.value
        assert type(failed).__name__ == "CasError_CasFailed"
        assert guest.call_cas_current(failed.value) == b"2"
        guest.call_swap(failed.value, b"3")
        assert guest.call_bucket_get(bucket, "book") == b"3"


def test_a_failing_swap_has_the_error_of_the_store(relays: dict[str, Draft]) -> None:
    with running(relays["draft2"], Choice("memory", {"memory": 1000})) as guest:
        operation = guest.call_cas_new(guest.call_open("orders"), "book")
        with pytest.raises(Err) as caught:
            guest.call_swap(operation, bytes(2000))
        failed: Any = caught.value.value
        assert type(failed).__name__ == "CasError_StoreError"
        assert type(failed.value).__name__ == "Error_Other"


def test_an_empty_key_is_refused_everywhere(in_memory: Any) -> None:
    bucket = in_memory.call_open("orders")
    calls: list[tuple[Callable[..., Any], Any]] = [
        (in_memory.call_bucket_get, [""]),
        (in_memory.call_bucket_set, ["", b"1"]),
        (in_memory.call_bucket_delete, [""]),
        (in_memory.call_bucket_exists, [""]),
        (in_memory.call_increment, ["", 1]),
        (in_memory.call_get_many, [["a", ""]]),
        (in_memory.call_set_many, [[("a", b"1"), ("", b"1")]]),
        (in_memory.call_delete_many, [["a", ""]]),
    ]
    for call, arguments in calls:
        with refused("Error_Other", "at least one character"):
            call(bucket, *arguments)
    assert in_memory.call_bucket_list_keys(bucket, None).keys == []


def test_a_bucket_that_is_not_configured_is_no_such_store(draft: Draft) -> None:
    with running(draft, Choice("none", names={"orders": Choice("memory")})) as guest:
        guest.call_bucket_set(guest.call_open("orders"), "book", b"1")
        with refused("Error_NoSuchStore"):
            guest.call_open("others")
