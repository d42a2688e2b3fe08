"""The protocol of key-value backends."""

from __future__ import annotations

import random
import re
import time
from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind

from .watching import Watch, unsupported

PATIENCE: Final = 5.0
"""The seconds that `increment` tries again while others change the same value."""

_NUMBER: Final = re.compile(rb"0|-?[1-9][0-9]{0,18}")


class KeyValue(Opened, Protocol):
    """Named stores that map non-empty keys to bytes. Keys are ordered by their code points.

    A store is created before it is used, by each program that uses it.

    Everything raises Failure. Backends derive from this class: what is not abstract works over the rest, and a backend
    overrides it if its server does it better.
    """

    @abstractmethod
    def create(self, store: str) -> None:
        """Create the store if it does not exist."""

    @abstractmethod
    def get(self, store: str, key: str) -> bytes | None:
        """The value, or None if there is none."""

    @abstractmethod
    def set(self, store: str, key: str, value: bytes) -> None:
        """Store the value, whole or not at all. It is durable once this returns, as far as the backend is."""

    @abstractmethod
    def delete(self, store: str, key: str) -> None:
        """Remove the key and its value, if it exists. This is durable once it returns."""

    @abstractmethod
    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        """The keys after this one, in ascending order of their code points: at most `count` of them."""

    @abstractmethod
    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        """Store `new` if the value is still `old` (None for no value), in one step. False if it is not."""

    def exists(self, store: str, key: str) -> bool:
        """Whether the key has a value."""
        return self.get(store, key) is not None

    def increment(self, store: str, key: str, delta: int) -> int:
        """Add to the number under the key, in decimal digits, and return the sum. A missing key counts as 0.

        Raises Failure (INVALID_VALUE) if the value is not a number of 64 bits with a sign as this method writes it, or
        the sum would not be one.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            old = self.get(store, key)
            new = summed(old, delta)
            if self.swap(store, key, old, b"%d" % new):
                return new
            if time.monotonic() > deadline:
                raise Failure(Kind.TIMEOUT, "others change the number all the time")
            time.sleep(random.uniform(0.0002, 0.002))

    def get_many(self, store: str, keys: Sequence[str]) -> list[bytes | None]:
        """The values of these keys, in their order."""
        return [self.get(store, key) for key in keys]

    def set_many(self, store: str, values: Mapping[str, bytes]) -> None:
        """Store these values. If it fails, some of them may be stored."""
        for key, value in values.items():
            self.set(store, key, value)

    def delete_many(self, store: str, keys: Sequence[str]) -> None:
        """Remove these keys. If it fails, some of them may be removed."""
        for key in keys:
            self.delete(store, key)

    def watch(self, store: str, keys: Collection[str] | None = None) -> Watch:
        """The changes of these keys, or of all, from now on, until the watch is closed.

        A backend need not have this: it then raises Failure (UNSUPPORTED).
        """
        raise unsupported()


def summed(value: bytes | None, delta: int) -> int:
    """The number in a value plus `delta`. Raises Failure (INVALID_VALUE)."""
    if value is not None and not _NUMBER.fullmatch(value):
        raise Failure(Kind.INVALID_VALUE, "the value is not a number")
    found = int(value or b"0")
    if not (-(1 << 63) <= found < 1 << 63 and -(1 << 63) <= found + delta < 1 << 63):
        raise Failure(Kind.INVALID_VALUE, "the sum needs more than 64 bits")
    return found + delta


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "the storage is closed")
