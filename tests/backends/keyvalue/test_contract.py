"""One list of promises, kept by every key-value backend."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backends.errors import fails_with
from tests.backends.keyvalue.backends import Backend
from tests.sampled import examples, sampled
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.interfaces.keyvalue import keyvalue as kv

HOSTILE_KEYS = [
    "a/b",
    "/etc/passwd",
    "..",
    "../up",
    "../../up/../..",
    ".",
    ".hidden",
    "nul\0inside",
    "\0",
    "con",
    "aux.txt",
    "trailing.",
    "trailing ",
    " ",
    "\n",
    "back\\slash",
    "c:\\windows",
    "per%cent",
    "%2e%2e",
    "*?<>|\"'",
    "key-a",
    "long-a",
    ".tmp-1",
    "'; DROP TABLE key_value; --",
    "שלום",
    "日本語",
    "😀",
    "\u202egnp.exe",
    "\ufeff",
    "\uffff",
]


def test_a_value_is_read_as_it_was_stored(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("book", b"2")
    assert store.get("book") == b"2"


def test_a_value_replaces_the_one_before(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("book", b"a longer value")
    store.set("book", b"2")
    assert store.get("book") == b"2"
    assert store.keys() == ["book"]


def test_a_missing_key_is_key_not_found_with_the_key(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    with fails_with(kv.KeyvalueError_KeyNotFound) as payload:
        store.get("book")
    assert payload == ["book"]


def test_a_deleted_key_is_gone(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("book", b"2")
    store.delete("book")
    assert store.keys() == []
    with fails_with(kv.KeyvalueError_KeyNotFound):
        store.get("book")


def test_deleting_a_missing_key_succeeds(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("pen", b"1")
    store.delete("book")
    assert store.keys() == ["pen"]


def test_an_empty_value_is_a_value(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("book", b"")
    assert store.get("book") == b""
    assert store.keys() == ["book"]


def test_every_byte_survives(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    value = bytes(range(256)) * 3 + b"\r\n\0"
    store.set("book", value)
    assert store.get("book") == value


def test_a_value_of_a_few_megabytes_survives(stores: kv.KeyvalueInterface, spoken: KeyValue) -> None:
    store = stores.Keyvalue.open("orders")
    value = (bytes(range(251)) * 20_000)[: spoken.limits.value]
    store.set("book", value)
    assert store.get("book") == value


def test_an_empty_key_is_invalid_in_every_operation(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    with fails_with(kv.KeyvalueError_InvalidKey):
        store.get("")
    with fails_with(kv.KeyvalueError_InvalidKey):
        store.set("", b"2")
    with fails_with(kv.KeyvalueError_InvalidKey):
        store.delete("")
    assert store.keys() == []


def test_a_lone_surrogate_is_an_error_of_the_interface(stores: kv.KeyvalueInterface) -> None:
    with fails_with(kv.KeyvalueError_InvalidKey):
        stores.Keyvalue.open("orders").get("a\ud800")
    with fails_with(kv.KeyvalueError_UnexpectedError):
        stores.Keyvalue.open("a\ud800")


def test_keys_of_any_length_are_kept_apart(stores: kv.KeyvalueInterface, spoken: KeyValue) -> None:
    store = stores.Keyvalue.open("orders")
    keys = ["k" * length for length in (1, 199, 200, 201, 255, 256, 1000, 1024, 4096, 100_000)]
    keys += ["k" * 1000 + "x", "k" * 100_000 + "x", "é" * 70, "/" * 1000, "/" * 5000]
    keys = [key for key in keys if len(key.encode()) <= (spoken.limits.key or 100_001)]
    for number, key in enumerate(keys):
        store.set(key, str(number).encode())
    assert [store.get(key) for key in keys] == [str(number).encode() for number in range(len(keys))]
    assert store.keys() == sorted(keys)
    store.delete(keys[7])
    assert store.keys() == sorted(key for key in keys if key != keys[7])


def test_a_long_key_holds_an_empty_value_and_loses_it_again(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("k" * 1024, b"")
    assert store.get("k" * 1024) == b""
    store.delete("k" * 1024)
    with fails_with(kv.KeyvalueError_KeyNotFound) as payload:
        store.get("k" * 1024)
    assert payload == ["k" * 1024]


@pytest.mark.parametrize("key", sampled(HOSTILE_KEYS, of="backends"))
def test_a_hostile_key_is_a_key_like_any_other(stores: kv.KeyvalueInterface, key: str) -> None:
    store = stores.Keyvalue.open("orders")
    store.set(key, b"2")
    assert store.get(key) == b"2"
    assert store.keys() == [key]
    store.delete(key)
    assert store.keys() == []


def test_hostile_keys_do_not_disturb_each_other(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    for key in HOSTILE_KEYS:
        store.set(key, key.encode())
    assert [store.get(key) for key in HOSTILE_KEYS] == [key.encode() for key in HOSTILE_KEYS]


@pytest.mark.parametrize("name", ["", *sampled(HOSTILE_KEYS, of="backends"), "n" * 255])
def test_every_string_is_the_name_of_a_store(stores: kv.KeyvalueInterface, name: str) -> None:
    stores.Keyvalue.open(name).set("book", b"2")
    assert stores.Keyvalue.open(name).get("book") == b"2"


def test_no_name_and_no_key_leads_out_of_the_folder(files: Backend, tmp_path: Path) -> None:
    with files.opened() as stores:
        for name in ["", *HOSTILE_KEYS, "n" * 5000]:
            store = stores.Keyvalue.open(name)
            for key in ("../../escaped", "/escaped", "..\\escaped", "k" * 5000):
                store.set(key, b"2")
    top = {path.name.partition("-")[0] for path in tmp_path.iterdir()}
    assert top <= {"stores", "stores.db"}
    assert not [path for path in tmp_path.rglob("*escaped*") if not path.name.startswith("key-")]
    assert not list(tmp_path.parent.glob("*escaped*"))


def test_keys_differ_in_case(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    store.set("Book", b"upper")
    store.set("book", b"lower")
    assert (store.get("Book"), store.get("book")) == (b"upper", b"lower")
    assert store.keys() == ["Book", "book"]


def test_keys_are_not_normalised(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    one, two = (unicodedata.normalize(form, "Café") for form in ("NFC", "NFD"))
    store.set(one, b"composed")
    store.set(two, b"decomposed")
    assert (store.get(one), store.get(two)) == (b"composed", b"decomposed")
    assert store.keys() == sorted([one, two])


def test_keys_come_in_the_order_of_their_utf8_bytes(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    keys = ["b", "a", "B", "ab", "a/b", "10", "9", "é", "\uffff", "😀", "a\0", "_"]
    for key in keys:
        store.set(key, b"")
    assert store.keys() == sorted(keys, key=str.encode)


def test_stores_of_different_names_share_nothing(stores: kv.KeyvalueInterface) -> None:
    one, two = stores.Keyvalue.open("orders"), stores.Keyvalue.open("Orders")
    one.set("book", b"2")
    assert two.keys() == []
    with fails_with(kv.KeyvalueError_KeyNotFound):
        two.get("book")
    two.delete("book")
    assert one.get("book") == b"2"


def test_names_and_keys_are_not_joined(stores: kv.KeyvalueInterface) -> None:
    stores.Keyvalue.open("a").set("b/c", b"1")
    stores.Keyvalue.open("a/b").set("c", b"2")
    assert stores.Keyvalue.open("a").get("b/c") == b"1"
    assert stores.Keyvalue.open("a").keys() == ["b/c"]


def test_handles_of_one_name_share_everything(stores: kv.KeyvalueInterface) -> None:
    one, two = stores.Keyvalue.open("orders"), stores.Keyvalue.open("orders")
    one.set("book", b"2")
    assert two.get("book") == b"2"
    two.delete("book")
    assert one.keys() == []


def test_opening_a_store_again_changes_nothing(stores: kv.KeyvalueInterface) -> None:
    stores.Keyvalue.open("orders").set("book", b"2")
    assert stores.Keyvalue.open("orders").keys() == ["book"]


def test_changing_the_bytes_afterwards_does_not_change_the_value(stores: kv.KeyvalueInterface) -> None:
    store = stores.Keyvalue.open("orders")
    value = bytearray(b"2")
    careless: Any = store
    careless.set("book", value)
    value[0] = ord("3")
    assert store.get("book") == b"2"
    assert type(store.get("book")) is bytes


def test_threads_do_not_lose_each_others_changes(stores: kv.KeyvalueInterface, backend: Backend) -> None:
    count = backend.times(20)

    def work(thread: int) -> None:
        store = stores.Keyvalue.open("orders")
        for number in range(count):
            store.set(f"{thread}/{number}", str(number).encode())
            store.set("shared", b"x" * (thread * 100 + number))
            store.keys()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    store = stores.Keyvalue.open("orders")
    assert store.keys() == sorted([*(f"{t}/{n}" for t in range(8) for n in range(count)), "shared"])
    assert set(store.get("shared")) <= {ord("x")}


def test_a_closed_backend_answers_with_connection_error(backend: Backend) -> None:
    with backend.opened() as stores:
        store = stores.Keyvalue.open("orders")
    with fails_with(kv.KeyvalueError_ConnectionError):
        store.get("book")
    with fails_with(kv.KeyvalueError_ConnectionError):
        store.keys()
    with fails_with(kv.KeyvalueError_ConnectionError):
        stores.Keyvalue.open("orders")


def test_two_backends_do_not_share_their_resource_class(backend: Backend) -> None:
    with backend.opened() as one, backend.opened() as two:
        assert one.Keyvalue is not two.Keyvalue
        assert one.Keyvalue is one.Keyvalue


def test_data_is_there_when_the_backend_is_opened_again(kept: Backend) -> None:
    with kept.opened() as stores:
        stores.Keyvalue.open("orders").set("book", b"2")
        stores.Keyvalue.open("orders").set("k" * 1000, b"3")
    with kept.opened() as stores:
        assert stores.Keyvalue.open("orders").get("book") == b"2"
        assert stores.Keyvalue.open("orders").keys() == ["book", "k" * 1000]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["", "orders", "Orders"]), st.text(min_size=1, max_size=250), st.none() | st.binary(max_size=50)
    ),
    max_size=12,
)


def test_any_sequence_of_changes_leaves_what_a_dictionary_would_hold(
    stores: kv.KeyvalueInterface, backend: Backend
) -> None:
    @settings(max_examples=backend.times(examples(60)), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(CHANGES)
    def holds(changes: list[tuple[str, str, bytes | None]]) -> None:
        expected: dict[str, dict[str, bytes]] = {name: {} for name in ("", "orders", "Orders")}
        for name in expected:
            store = stores.Keyvalue.open(name)
            for key in store.keys():
                store.delete(key)
        for name, key, value in changes:
            store = stores.Keyvalue.open(name)
            if value is None:
                store.delete(key)
                expected[name].pop(key, None)
            else:
                store.set(key, value)
                expected[name][key] = value
        for name, entries in expected.items():
            store = stores.Keyvalue.open(name)
            keys = store.keys()
            assert keys == sorted(entries)
            assert {key: store.get(key) for key in keys} == entries

    holds()
