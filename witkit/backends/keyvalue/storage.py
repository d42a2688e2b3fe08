"""The protocol for key-value storage, and the resource over any of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Protocol, Self

from witkit.abi import Err
from witkit.interfaces.keyvalue import keyvalue as kv


class Closed(Exception):
    """The storage was used after `close`."""


class Storage(Protocol):
    """Named stores that map non-empty keys to bytes. Safe to use from several threads."""

    def create(self, store: str) -> None:
        """Create the store if it does not exist."""

    def get(self, store: str, key: str) -> bytes | None:
        """The value, or None if there is none."""

    def set(self, store: str, key: str, value: bytes) -> None:
        """Store the value, whole or not at all. It is durable once this returns."""

    def keys(self, store: str) -> list[str]:
        """The keys that hold a value, in any order."""

    def delete(self, store: str, key: str) -> None:
        """Remove the key and its value, if it exists. This is durable once it returns."""

    def case_of(self, failure: Exception) -> kv.KeyvalueError | None:
        """The interface's error case for an exception, or None for one that is not the backend's."""

    def close(self) -> None:
        """Release files and connections. All further calls raise `Closed`."""


class Store:
    """`resource keyvalue` over a storage. `Stores` creates a subclass for each storage."""

    _storage: ClassVar[Storage]

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def open(cls, name: str) -> Self:
        """The store with this name."""
        if (wrong := _surrogate(name)) is not None:
            raise Err(kv.KeyvalueError_UnexpectedError(f"the name of the store has a lone surrogate at {wrong}"))
        with cls._failures():
            cls._storage.create(name)
        return cls(name)

    def get(self, key: str) -> bytes:
        """The value under the key. Raises `key-not-found` and `invalid-key`."""
        _checked(key)
        with self._failures():
            value = self._storage.get(self._name, key)
        if value is None:
            raise Err(kv.KeyvalueError_KeyNotFound(key))
        return value

    def set(self, key: str, value: bytes) -> None:
        """Store the value under the key. Raises `invalid-key`, and `invalid-value` if it is too large."""
        _checked(key)
        with self._failures():
            self._storage.set(self._name, key, bytes(value))

    def keys(self) -> list[str]:
        """The keys, in ascending order of their code points."""
        with self._failures():
            return sorted(self._storage.keys(self._name))

    def delete(self, key: str) -> None:
        """Remove the key, if it exists. Raises `invalid-key`."""
        _checked(key)
        with self._failures():
            self._storage.delete(self._name, key)

    @classmethod
    @contextmanager
    def _failures(cls) -> Iterator[None]:
        try:
            yield
        except Closed as failure:
            raise Err(kv.KeyvalueError_ConnectionError("the storage is closed")) from failure
        except Exception as failure:
            case = cls._storage.case_of(failure)
            if case is None:
                raise
            raise Err(case) from failure


class Stores:
    """`interface keyvalue` over a storage: the implementation for the import."""

    def __init__(self, storage: Storage) -> None:
        self._bound = type("Keyvalue", (Store,), {"_storage": storage, "__doc__": Store.__doc__})
        self.storage = storage

    @property
    def Keyvalue(self) -> type[Store]:
        """The class of stores in this storage."""
        return self._bound


def _checked(key: str) -> None:
    if not key:
        raise Err(kv.KeyvalueError_InvalidKey("a key must have at least one character"))
    if (wrong := _surrogate(key)) is not None:
        raise Err(kv.KeyvalueError_InvalidKey(f"the key has a lone surrogate at {wrong}"))


def _surrogate(text: str) -> int | None:
    """The index of the first lone surrogate. Components cannot pass one, but Python programs can."""
    try:
        text.encode()
    except UnicodeEncodeError as wrong:
        return wrong.start
    return None
