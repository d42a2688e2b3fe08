"""`resource bucket` of both drafts."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.selector import Selector

C = TypeVar("C", int, str)

PAGE: Final = 1000
"""The keys of one answer of `list-keys`."""

CURSORS: Final = 1000
"""How many cursors a handle of the first draft remembers."""


def cases(store: Any) -> Cases:
    """The errors of one draft, from its generated module `store`."""
    return Cases(
        store.Error_Other,
        {Kind.INVALID_NAME: lambda _: store.Error_NoSuchStore(), Kind.DENIED: lambda _: store.Error_AccessDenied()},
    )


class Bucket(Generic[C]):
    """A store of a backend. Subclasses have the errors, the records and the cursors of one draft."""

    selector: ClassVar[Selector[KeyValue]]
    cases: ClassVar[Cases]
    response: ClassVar[Any]

    def __init__(self, name: str, stores: KeyValue) -> None:
        self.name, self.stores = name, stores

    @classmethod
    def open(cls, name: str) -> Self:
        """The bucket with this name. Raises `no-such-store` if it is not configured."""
        with cls.cases.raised("key-value open"):
            stores = cls.selector(name)
            stores.create(name)
        return cls(name, stores)

    def get(self, key: str) -> bytes | None:
        """The value under the key."""
        with self.cases.raised("key-value get"):
            self.check(key)
            return self.stores.get(self.name, key)

    def set(self, key: str, value: bytes) -> None:
        """Store the value under the key."""
        with self.cases.raised("key-value set"):
            self.check(key)
            self.stores.limits.check_value(len(value))
            self.stores.set(self.name, key, bytes(value))

    def delete(self, key: str) -> None:
        """Remove the key, if it exists."""
        with self.cases.raised("key-value delete"):
            self.check(key)
            self.stores.delete(self.name, key)

    def exists(self, key: str) -> bool:
        """Whether the key has a value."""
        with self.cases.raised("key-value exists"):
            self.check(key)
            return self.stores.exists(self.name, key)

    def list_keys(self, cursor: C | None) -> Any:
        """A page of keys, in ascending order of their code points."""
        with self.cases.raised("key-value list-keys"):
            keys = self.stores.keys(self.name, self.key_at(cursor), PAGE + 1)
        more = len(keys) > PAGE
        return self.response(keys[:PAGE], self.cursor_at(keys[PAGE - 1]) if more else None)

    def key_at(self, cursor: C | None) -> str:
        """The last key of the page with this cursor. Raises Failure."""
        raise NotImplementedError

    def cursor_at(self, key: str) -> C:
        """The cursor of a page whose last key this is."""
        raise NotImplementedError

    def check(self, *keys: str) -> None:
        """Raise Failure for a key that a store cannot have."""
        for key in keys:
            if not key:
                raise Failure(Kind.INVALID_KEY, "a key must have at least one character")
            self.stores.limits.check_key(key)


class NumberedBucket(Bucket[int]):
    """With the cursors of draft 1: numbers that mean something only to the handle that gave them out.

    A number of keys would not do: a component that deletes the keys of a page would miss as many after it.
    """

    def __init__(self, name: str, stores: KeyValue) -> None:
        super().__init__(name, stores)
        self._keys: OrderedDict[int, str] = OrderedDict()
        self._next = 0

    def key_at(self, cursor: int | None) -> str:
        if cursor is None:
            return ""
        if cursor not in self._keys:
            raise Failure(Kind.INVALID_REQUEST, "this handle has no such cursor")
        return self._keys[cursor]

    def cursor_at(self, key: str) -> int:
        self._next += 1
        self._keys[self._next] = key
        if len(self._keys) > CURSORS:
            self._keys.popitem(last=False)
        return self._next


class NamedBucket(Bucket[str]):
    """With the cursors of draft 2: the last key of the page."""

    def key_at(self, cursor: str | None) -> str:
        if cursor:
            self.check(cursor)
        return cursor or ""

    def cursor_at(self, key: str) -> str:
        return key


def bound(bucket: type[Bucket[Any]], selector: Selector[KeyValue], store: Any) -> type[Bucket[Any]]:
    """The class of buckets of a selector, with the errors and records of the generated module `store`."""
    members = {"selector": selector, "cases": cases(store), "response": store.KeyResponse, "__doc__": bucket.__doc__}
    return type("Bucket", (bucket,), members)
