"""Every function of `wasi:keyvalue` 0.2.0-draft, and every error that a guest can cause."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports import atomics, batch, store

KEYS = ["order/1", "../up", "a b", "é", "日本"]


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        with said.did("open", store.open, name) as bucket:
            one_by_one(said, bucket)
            counted(said, bucket)
            together(said, bucket)
            with store.open(name) as same:
                said.got("keys from another handle", keys, same)
            with store.open(f"{name}-other") as other:
                said.got("keys of another bucket", keys, other)
            batch.delete_many(bucket, keys(bucket))
            said.got("keys after all are deleted", keys, bucket)
        return said.lines


def keys(bucket: store.Bucket) -> list[str]:
    """All keys, in ascending order, however many pages they are."""
    page = bucket.list_keys(None)
    found = page.keys
    while page.cursor is not None:
        page = bucket.list_keys(page.cursor)
        found += page.keys
    return sorted(found)


def one_by_one(said: Transcript, bucket: store.Bucket) -> None:
    said.got("keys of a new bucket", keys, bucket)
    said.got("get a missing key", bucket.get, "tea")
    said.got("a missing key exists", bucket.exists, "tea")
    said.did("set", bucket.set, "tea", b"green")
    said.got("get", bucket.get, "tea")
    said.got("it exists", bucket.exists, "tea")
    said.did("set again", bucket.set, "tea", b"black")
    said.got("get the new value", bucket.get, "tea")
    said.did("set an empty value", bucket.set, "empty", b"")
    said.got("get the empty value", bucket.get, "empty")
    said.got("the empty value exists", bucket.exists, "empty")
    for key in KEYS:
        said.did(f"set {key}", bucket.set, key, key.encode())
    said.got("every key has its value", lambda: all(bucket.get(key) == key.encode() for key in KEYS))
    said.did("delete", bucket.delete, "tea")
    said.got("get what is deleted", bucket.get, "tea")
    said.did("delete it again", bucket.delete, "tea")


def counted(said: Transcript, bucket: store.Bucket) -> None:
    said.got("increment a missing key", atomics.increment, bucket, "visits", 5)
    said.got("increment", atomics.increment, bucket, "visits", 37)
    said.got("increment by nothing", atomics.increment, bucket, "visits", 0)
    said.failed("increment what is not a number", atomics.increment, bucket, "order/1", 1)
    said.got("it is as it was", bucket.get, "order/1")


def together(said: Transcript, bucket: store.Bucket) -> None:
    said.did("set many", batch.set_many, bucket, [("one", b"1"), ("two", b"2"), ("three", b"3")])
    said.got("get many, one of them missing", batch.get_many, bucket, ["three", "missing", "one"])
    said.did("delete many, one of them missing", batch.delete_many, bucket, ["one", "missing", "two"])
    said.got("get many after that", batch.get_many, bucket, ["one", "two", "three"])
    said.did("set none", batch.set_many, bucket, [])
    said.got("get none", batch.get_many, bucket, [])
    said.did("delete none", batch.delete_many, bucket, [])
    said.got("keys", keys, bucket)
