"""Locks in Redis: one key per lock, which expires.

The key is `<prefix><service>:<name>`. In the name of the service, `:` is `%3A` and `%` is `%25`, so that no two
services share a key. Its value are the random bytes of the token. Taking, renewing and freeing a lock are one step each
for the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from witkit.backends.backend import Backend
from witkit.backends.limits import Limits
from witkit.backends.redis_client import REDIS, URL, client, failures, location
from witkit.backends.settings import SECRET, TEXT, setting

from .leases import LeasedLocks, LeaseSettings, LockServer, key_of
from .protocol import LockToken

if TYPE_CHECKING:
    from redis.commands.core import Script

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
    url: str = setting(SECRET, "The server, with user, password and number of the database.", URL)
    prefix: str = setting(TEXT, "What all keys in Redis begin with.", "witkit-lock:")


class RedisServer(LockServer):
    """One database of Redis."""

    def __init__(self, settings: RedisSettings) -> None:
        self._client = client(settings.url, settings.answer_timeout)
        self._prefix = settings.prefix
        self._renew, self._release = map(self._client.register_script, (RENEW, RELEASE))
        self.location = location(self._client)

    def acquire(self, service: str, token: LockToken, seconds: float) -> float:
        key = key_of(self._prefix, service, token.name)
        with failures():
            return seconds if self._client.set(key, token.secret, nx=True, px=_milliseconds(seconds)) else 0

    def renew(self, service: str, token: LockToken, seconds: float) -> bool:
        return self._run(self._renew, service, token, _milliseconds(seconds))

    def release(self, service: str, token: LockToken) -> bool:
        return self._run(self._release, service, token)

    def check(self) -> None:
        with failures():
            self._client.ping()

    def close(self) -> None:
        self._client.close()

    def _run(self, script: Script, service: str, token: LockToken, *more: Any) -> bool:
        with failures():
            return bool(script(keys=[key_of(self._prefix, service, token.name)], args=[token.secret, *more]))


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _opened(settings: RedisSettings) -> LeasedLocks:
    return LeasedLocks(RedisServer(settings), settings, LIMITS)


backend = Backend("Locks in Redis.", _opened, RedisSettings, LIMITS, REDIS)
