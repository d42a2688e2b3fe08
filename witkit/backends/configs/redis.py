"""Settings in Redis: one hash per set, under `<prefix><set>`, with a field per key.

Everything after the prefix is the name of the set, so that sets of different names never share a hash.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends import redis_url
from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.redis_client import REDIS, URL
from witkit.backends.redis_commands import Commands
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, setting

from .protocol import Configs, ConfigsSettings, closed

LIMITS: Final = Limits(name=1 << 16, key=1 << 16, value=1 << 25)


@dataclass(frozen=True, slots=True, repr=False)
class RedisSettings(ConfigsSettings):
    url: str = setting(
        SECRET, "The server, with user, password and number of the database.", URL, checked=redis_url.checked
    )
    prefix: str = setting(TEXT, "What all keys in Redis begin with.", "witkit-config:")
    timeout: float = setting(TIME_LIMIT, "How long the server may take for an answer.", 5.0)


class RedisConfigs(Configs):
    """The hashes of one database of Redis."""

    limits = LIMITS

    def __init__(self, settings: RedisSettings) -> None:
        self._commands = Commands(settings.url, settings.timeout, closed)
        self._prefix, self.default_set = settings.prefix, settings.set
        self.location = self._commands.location

    def get(self, name: str, key: str) -> bytes | None:
        found: bytes | None = self._run("HGET", name, key.encode())
        return found

    def set(self, name: str, key: str, value: bytes) -> None:
        self._run("HSET", name, key.encode(), value)

    def all(self, name: str) -> dict[str, bytes]:
        """All settings. Fields that are not text are left out: other programs may have stored them."""
        found = {}
        for field, value in self._run("HGETALL", name).items():
            with suppress(UnicodeDecodeError):
                found[field.decode()] = value
        return found

    def check(self) -> None:
        """Read a hash, which the credentials have to allow."""
        self._run("HLEN", "")

    def close(self) -> None:
        self._commands.close()

    def _run(self, command: str, name: str, *arguments: bytes) -> Any:
        return self._commands.run(command, f"{self._prefix}{name}".encode(), *arguments)


backend = Backend("Hashes of a Redis server.", RedisConfigs, RedisSettings, LIMITS, REDIS)
