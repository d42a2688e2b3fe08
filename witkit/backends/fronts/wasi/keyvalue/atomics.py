"""`wasi:keyvalue/atomics` in two drafts."""

from __future__ import annotations

from typing import Any, Self

from witkit.abi import Err
from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.selector import Selector
from witkit.interfaces.wasi_keyvalue_draft2 import atomics as draft2

from .buckets import Bucket


class Draft:
    """`interface atomics` of `0.2.0-draft`, whose numbers have no sign."""

    def __init__(self, selector: Selector[KeyValue]) -> None:
        """The buckets bring the backend with them."""

    def increment(self, bucket: Bucket[Any], key: str, delta: int) -> int:
        """Add to the number under the key. Numbers end at 2^63 - 1."""
        with bucket.cases.raised("key-value increment"):
            bucket.check(key)
            found = _incremented(bucket, key, delta)
            if found < 0:
                # Somebody else has stored a negative number; it gets back what it had.
                bucket.stores.increment(bucket.name, key, -delta)
                raise Failure(Kind.INVALID_VALUE, "the number is negative")
            return found


class CompareAndSwap:
    """`resource cas` of `0.2.0-draft2`: a key, and the value that it had."""

    def __init__(self, bucket: Bucket[Any], key: str) -> None:
        self.bucket, self.key = bucket, key
        self.value = bucket.stores.get(bucket.name, key)

    @classmethod
    def new(cls, bucket: Bucket[Any], key: str) -> Self:
        """Read the key."""
        with bucket.cases.raised("key-value compare-and-swap"):
            bucket.check(key)
            return cls(bucket, key)

    def current(self) -> bytes | None:
        """The value that was read."""
        return self.value


class Draft2:
    """`interface atomics` of `0.2.0-draft2`."""

    def __init__(self, selector: Selector[KeyValue]) -> None:
        """The buckets bring the backend with them."""

    @property
    def Cas(self) -> type[CompareAndSwap]:
        """The class of operations."""
        return CompareAndSwap

    def increment(self, bucket: Bucket[Any], key: str, delta: int) -> int:
        """Add to the number under the key."""
        with bucket.cases.raised("key-value increment"):
            bucket.check(key)
            return _incremented(bucket, key, delta)

    def swap(self, cas: CompareAndSwap, value: bytes) -> None:
        """Store the value if the key still has the one that was read, whoever has stored it.

        Raises `cas-failed` with a new operation if it does not.
        """
        bucket = cas.bucket
        try:
            with bucket.cases.raised("key-value swap"):
                bucket.stores.limits.check_value(len(value))
                if bucket.stores.swap(bucket.name, cas.key, cas.value, bytes(value)):
                    return
                again: Any = CompareAndSwap(bucket, cas.key)
        except Err as failed:
            raise Err(draft2.CasError_StoreError(failed.value)) from failed
        raise Err(draft2.CasError_CasFailed(again))


def _incremented(bucket: Bucket[Any], key: str, delta: int) -> int:
    if delta >= 1 << 63:
        raise Failure(Kind.INVALID_VALUE, "the sum needs more than 64 bits")
    return bucket.stores.increment(bucket.name, key, delta)
