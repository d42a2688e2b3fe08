"""`spiderlightning:keyvalue/keyvalue` over key-value backends."""

from __future__ import annotations

from typing import ClassVar, Self

from witkit.abi import Err
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.selector import Selector
from witkit.interfaces.keyvalue import keyvalue as kv

CASES = Cases(
    kv.KeyvalueError_UnexpectedError,
    {
        Kind.MISSING: kv.KeyvalueError_KeyNotFound,
        Kind.INVALID_KEY: kv.KeyvalueError_InvalidKey,
        Kind.INVALID_VALUE: kv.KeyvalueError_InvalidValue,
        Kind.UNREACHABLE: kv.KeyvalueError_ConnectionError,
        Kind.CLOSED: kv.KeyvalueError_ConnectionError,
        Kind.DENIED: kv.KeyvalueError_AuthenticationError,
        Kind.TIMEOUT: kv.KeyvalueError_TimeoutError,
        Kind.FULL: kv.KeyvalueError_IoError,
        Kind.IO: kv.KeyvalueError_IoError,
    },
)


class Store:
    """`resource keyvalue`: one store."""

    _selector: ClassVar[Selector[KeyValue]]

    def __init__(self, name: str, stores: KeyValue) -> None:
        self._name, self._stores = name, stores

    @classmethod
    def open(cls, name: str) -> Self:
        """The store with this name."""
        with CASES.raised("key-value open"):
            stores = cls._selector(name)
            stores.create(name)
        return cls(name, stores)

    def get(self, key: str) -> bytes:
        """The value under the key. Raises `key-not-found` and `invalid-key`."""
        with CASES.raised("key-value get"):
            self._check(key)
            value = self._stores.get(self._name, key)
        if value is None:
            raise Err(kv.KeyvalueError_KeyNotFound(key))
        return value

    def set(self, key: str, value: bytes) -> None:
        """Store the value under the key. Raises `invalid-key`, and `invalid-value` if it is too large."""
        with CASES.raised("key-value set"):
            self._check(key)
            self._stores.limits.check_value(len(value))
            self._stores.set(self._name, key, bytes(value))

    def keys(self) -> list[str]:
        """The keys, in ascending order of their code points."""
        with CASES.raised("key-value keys"):
            return self._stores.keys(self._name)

    def delete(self, key: str) -> None:
        """Remove the key, if it exists. Raises `invalid-key`."""
        with CASES.raised("key-value delete"):
            self._check(key)
            self._stores.delete(self._name, key)

    def _check(self, key: str) -> None:
        if not key:
            raise Failure(Kind.INVALID_KEY, "a key must have at least one character")
        self._stores.limits.check_key(key)


class Stores:
    """`interface keyvalue`: the implementation for an import."""

    def __init__(self, selector: Selector[KeyValue]) -> None:
        self._bound = type("Keyvalue", (Store,), {"_selector": selector, "__doc__": Store.__doc__})

    @property
    def Keyvalue(self) -> type[Store]:
        """The class of stores of this selector."""
        return self._bound
