"""Locks in Redis: one key per lock, which expires.

The key is `<prefix><service>:<name>`. In the name of the service, `:` is `%3A` and `%` is `%25`, so that no two
services share a key. Its value are the random bytes of the token. Taking, renewing and freeing a lock are one step each
for the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends import redis_url
from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.redis_client import REDIS, URL
from witkit.backends.redis_commands import Commands
from witkit.backends.settings import SECRET, TEXT, setting

from .leases import LeasedLocks, LeaseSettings, LockServer, key_of
from .protocol import LockToken, closed

LIMITS: Final = Limits(name=65_536, key=65_536)

RENEW: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

RELEASE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


@dataclass(frozen=True, slots=True, repr=False)
class RedisSettings(LeaseSettings):
    url: str = setting(
        SECRET, "The server, with user, password and number of the database.", URL, checked=redis_url.checked
    )
    prefix: str = setting(TEXT, "What all keys in Redis begin with.", "witkit-lock:")


class RedisServer(LockServer):
    """One database of Redis."""

    def __init__(self, settings: RedisSettings) -> None:
        self._commands = Commands(settings.url, settings.answer_timeout, closed)
        self._prefix = settings.prefix
        self._renew, self._release = map(self._commands.script, (RENEW, RELEASE))
        self.location = self._commands.location

    def acquire(self, service: str, token: LockToken, seconds: float) -> float:
        key = key_of(self._prefix, service, token.name)
        return seconds if self._commands.run("SET", key, token.secret, "NX", "PX", _milliseconds(seconds)) else 0

    def renew(self, service: str, token: LockToken, seconds: float) -> bool:
        return self._run(self._renew, service, token, _milliseconds(seconds))

    def release(self, service: str, token: LockToken) -> bool:
        return self._run(self._release, service, token)

    def check(self) -> None:
        self._commands.run("PING")

    def close(self) -> None:
        self._commands.close()

    def _run(self, script: Callable[..., Any], service: str, token: LockToken, *more: Any) -> bool:
        return bool(script(1, key_of(self._prefix, service, token.name), token.secret, *more))


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _opened(settings: RedisSettings) -> LeasedLocks:
    return LeasedLocks(RedisServer(settings), settings, LIMITS)


backend = Backend("Locks in Redis.", _opened, RedisSettings, LIMITS, REDIS)
