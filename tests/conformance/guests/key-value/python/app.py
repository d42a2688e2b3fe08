"""Every function of `spiderlightning:keyvalue`, and every error that a guest can cause."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports.keyvalue import Keyvalue

KEYS = ["order/1", "../up", "a b", "A", "a", "é", "日本"]
EVERY_BYTE = bytes(range(256))


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript("key-not-found")
        with said.did("open", Keyvalue.open, name) as store, Keyvalue.open(f"{name}-other") as other:
            values(said, store)
            keys(said, store)
            with Keyvalue.open(name) as same:
                said.got("get from another handle", same.get, "tea")
            others(said, store, other)
            removed(said, store)
        return said.lines


def values(said: Transcript, store: Keyvalue) -> None:
    said.got("keys of a new store", store.keys)
    said.failed("get a missing key", store.get, "tea")
    said.did("set", store.set, "tea", b"green")
    said.got("get", store.get, "tea")
    said.did("set again", store.set, "tea", b"black")
    said.got("get the new value", store.get, "tea")
    said.did("set an empty value", store.set, "empty", b"")
    said.got("get the empty value", store.get, "empty")
    said.did("set every byte", store.set, "bytes", EVERY_BYTE)
    said.got("every byte is kept", lambda: store.get("bytes") == EVERY_BYTE)


def keys(said: Transcript, store: Keyvalue) -> None:
    said.failed("set without a key", store.set, "", b"x")
    said.failed("get without a key", store.get, "")
    said.failed("delete without a key", store.delete, "")
    for key in KEYS:
        said.did(f"set {key}", store.set, key, key.encode())
    said.got("every key has its value", lambda: all(store.get(key) == key.encode() for key in KEYS))
    said.got("keys", store.keys)


def others(said: Transcript, store: Keyvalue, other: Keyvalue) -> None:
    said.got("keys of another store", other.keys)
    said.did("set in another store", other.set, "tea", b"white")
    said.got("get here", store.get, "tea")
    said.did("delete", store.delete, "tea")
    said.got("get from the other store", other.get, "tea")
    other.delete("tea")


def removed(said: Transcript, store: Keyvalue) -> None:
    said.failed("get what is deleted", store.get, "tea")
    said.did("delete it again", store.delete, "tea")
    for key in store.keys():
        store.delete(key)
    said.got("keys after all are deleted", store.keys)
