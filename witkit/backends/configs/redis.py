"""Settings in Redis: one hash per set, under `<prefix><set>`, with a field per key.

Everything after the prefix is the name of the set, so that sets of different names never share a hash.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.redis_client import REDIS, URL, client, failures, location
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, setting

from .protocol import Configs, ConfigsSettings, closed

if TYPE_CHECKING:
    from redis import Redis

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=1 << 25)


@dataclass(frozen=True, slots=True, repr=False)
class RedisSettings(ConfigsSettings):
    url: str = setting(SECRET, "The server, with user, password and number of the database.", URL)
    prefix: str = setting(TEXT, "What all keys in Redis begin with.", "witkit-config:")
    timeout: float = setting(TIME_LIMIT, "How long the server may take for an answer.", 5.0)


class RedisConfigs(Configs):
    """The hashes of one database of Redis."""

    limits = LIMITS

    def __init__(self, settings: RedisSettings) -> None:
        self._client: Redis | None = client(settings.url, settings.timeout)
        self._prefix, self.default_set = settings.prefix, settings.set
        self.location = location(self._client)

    def get(self, name: str, key: str) -> bytes | None:
        found: bytes | None = self._run("HGET", name, key.encode())
        return found

    def set(self, name: str, key: str, value: bytes) -> None:
        self._run("HSET", name, key.encode(), value)

    def all(self, name: str) -> dict[str, bytes]:
        """All settings. Fields that are no text are left out: other programs may have stored them."""
        found = {}
        for field, value in self._run("HGETALL", name).items():
            with suppress(UnicodeDecodeError):
                found[field.decode()] = value
        return found

    def check(self) -> None:
        """Read a hash, which the credentials have to allow."""
        self._run("HLEN", "")

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    def _run(self, command: str, name: str, *arguments: bytes) -> Any:
        client: Any = self._client
        if client is None:
            raise closed()
        with failures():
            return client.execute_command(command, f"{self._prefix}{name}".encode(), *arguments)


backend = Backend("Hashes of a Redis server.", RedisConfigs, RedisSettings, LIMITS, REDIS)
