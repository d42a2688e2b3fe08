"""Key-value stores in Redis.

The value of a key is under `<prefix><store>:<key>`, as a plain string of Redis. In the name of the store, `:` is `%3A`
and `%` is `%25`, so that no two stores share a key. A store exists as long as it has keys.

Redis has no order of keys: `keys` looks at all keys of the database and sorts those of the store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends import redis_url
from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.paging import page
from witkit.backends.redis_client import REDIS, URL, client
from witkit.backends.redis_commands import Commands
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .protocol import KeyValue, closed
from .redis_watch import Invalidations
from .watching import Watch

LIMITS: Final = Limits(name=1 << 16, key=1 << 20, value=1 << 25)
"""Redis takes 512 MiB, but answers nobody else meanwhile, for seconds."""

SWAP: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""

SCANNED: Final = 1000
"""How many keys the server looks at before it answers, so that others do not wait."""


@dataclass(frozen=True, slots=True, repr=False)
class RedisSettings(BackendSettings):
    url: str = setting(
        SECRET, "The server, with user, password and number of the database.", URL, checked=redis_url.checked
    )
    prefix: str = setting(TEXT, "What all keys in Redis begin with.", "")
    timeout: float = setting(TIME_LIMIT, "How long the server may take for an answer.", 5.0)


class RedisStores(KeyValue):
    """The stores of one database of Redis."""

    limits = LIMITS

    def __init__(self, settings: RedisSettings) -> None:
        self._commands = Commands(settings.url, settings.timeout, closed)
        self._run, self._swap = self._commands.run, self._commands.script(SWAP)
        self._url, self._timeout, self._prefix = settings.url, settings.timeout, settings.prefix
        self.location = self._commands.location

    def create(self, store: str) -> None:
        """Ask nothing of the server: a store exists as soon as it has a key."""
        self._commands.check_open()

    def get(self, store: str, key: str) -> bytes | None:
        found: bytes | None = self._run("GET", self._key(store, key))
        return found

    def set(self, store: str, key: str, value: bytes) -> None:
        self._run("SET", self._key(store, key), value)

    def delete(self, store: str, key: str) -> None:
        self._run("DEL", self._key(store, key))

    def exists(self, store: str, key: str) -> bool:
        return bool(self._run("EXISTS", self._key(store, key)))

    def increment(self, store: str, key: str, delta: int) -> int:
        return int(self._run("INCRBY", self._key(store, key), delta))

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        if old is None:
            return bool(self._run("SET", self._key(store, key), new, "NX"))
        return bool(self._swap(1, self._key(store, key), old, new))

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        beginning = self._key(store, "")
        pattern = _escaped(beginning)
        found: set[bytes] = set()
        cursor: Any = 0
        while True:
            cursor, some = self._run("SCAN", cursor, "MATCH", pattern, "COUNT", SCANNED, "TYPE", "string")
            found.update(name[len(beginning) :] for name in some)
            if not int(cursor):
                return page(_keys(found), after, count)

    def get_many(self, store: str, keys: Sequence[str]) -> list[bytes | None]:
        return list(self._run("MGET", *(self._key(store, key) for key in keys))) if keys else []

    def set_many(self, store: str, values: Mapping[str, bytes]) -> None:
        if values:
            self._run("MSET", *(part for key, value in values.items() for part in (self._key(store, key), value)))

    def delete_many(self, store: str, keys: Sequence[str]) -> None:
        if keys:
            self._run("DEL", *(self._key(store, key) for key in keys))

    def watch(self, store: str, keys: Collection[str] | None = None) -> Watch:
        """What others store is seen, too. Each change is read when it is reported."""
        self._commands.check_open()
        own = client(self._url, self._timeout, protocol=2, socket_keepalive=True)
        return Invalidations(own, store, self._key(store, ""), keys, self.get, self._commands.check_open)

    def check(self) -> None:
        """Read a key, which the credentials have to allow."""
        self._run("EXISTS", self._key("", ""))

    def close(self) -> None:
        self._commands.close()

    def _key(self, store: str, key: str) -> bytes:
        return f"{self._prefix}{store.replace('%', '%25').replace(':', '%3A')}:{key}".encode()


def _keys(names: set[bytes]) -> list[str]:
    """The names that can be keys: other programs may have stored others."""
    keys = []
    for name in names:
        with suppress(UnicodeDecodeError):
            keys.append(name.decode())
    return [key for key in keys if key]


def _escaped(text: bytes) -> bytes:
    """The pattern for what begins with this text."""
    return re.sub(rb"([*?\[\]\\^-])", rb"\\\1", text) + b"*"


backend = Backend("Keys of a Redis server.", RedisStores, RedisSettings, LIMITS, REDIS)
