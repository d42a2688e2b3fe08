"""`wasi:keyvalue/batch`, which is the same in both drafts: buckets know their errors."""

from __future__ import annotations

from typing import Any

from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.selector import Selector

from .buckets import Bucket


class Batch:
    """`interface batch`: the implementation for an import."""

    def __init__(self, selector: Selector[KeyValue]) -> None:
        """The buckets bring the backend with them."""

    def get_many(self, bucket: Bucket[Any], keys: list[str]) -> list[tuple[str, bytes] | None]:
        """Each key with its value, or None if it has none."""
        with bucket.cases.raised("key-value get-many"):
            bucket.check(*keys)
            values = bucket.stores.get_many(bucket.name, keys)
        return [None if value is None else (key, value) for key, value in zip(keys, values, strict=True)]

    def set_many(self, bucket: Bucket[Any], key_values: list[tuple[str, bytes]]) -> None:
        """Store the values; of a key that comes twice, the last one."""
        with bucket.cases.raised("key-value set-many"):
            for key, value in key_values:
                bucket.check(key)
                bucket.stores.limits.check_value(len(value))
            bucket.stores.set_many(bucket.name, {key: bytes(value) for key, value in key_values})

    def delete_many(self, bucket: Bucket[Any], keys: list[str]) -> None:
        """Remove the keys that exist."""
        with bucket.cases.raised("key-value delete-many"):
            bucket.check(*keys)
            bucket.stores.delete_many(bucket.name, keys)
