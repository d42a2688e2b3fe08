"""The protocol of backends for locks, and the tokens that hold locks."""

from __future__ import annotations

import random
import secrets
import time
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, Self, TypeVar

from witkit._waiting import check
from witkit.backends.backend import Opened
from witkit.backends.failure import Failure, Kind

T = TypeVar("T")

TIMEOUT: Final = 10.0
"""The default for the setting `timeout`: the seconds that `lock` waits."""

SECRET: Final = 16
"""The random bytes at the beginning of a token."""


class Locks(Opened, Protocol):
    """Named services with locks, which any bytes can name. Everything raises Failure."""

    timeout: float
    """The seconds that users want to wait for a lock."""

    @abstractmethod
    def take(self, service: str, name: bytes, life: float | None, wait: float) -> bytes | None:
        """Take a lock and return the token that holds it, or None if it does not become free within `wait` seconds.

        The lock is free again `life` seconds after it was taken, even if this process has ended. With None, it is free
        when this backend is closed or its process has died.
        """

    @abstractmethod
    def free(self, service: str, token: bytes) -> bool:
        """Free the lock that the token holds. False if it does not hold one, or no longer does."""


@dataclass(frozen=True, slots=True)
class LockToken:
    """What holds a lock: random bytes that nobody else has, and the lock's name."""

    secret: bytes
    name: bytes

    @classmethod
    def new(cls, name: bytes) -> Self:
        """A token for a lock that is to be taken."""
        return cls(secrets.token_bytes(SECRET), name)

    @classmethod
    def read(cls, token: bytes) -> Self | None:
        """The token in bytes that somebody presents, or None if it cannot be one."""
        return cls(token[:SECRET], token[SECRET:]) if len(token) >= SECRET else None

    def __bytes__(self) -> bytes:
        return self.secret + self.name


def eventually(attempt: Callable[[], T], wait: float, pauses: tuple[float, float]) -> T:
    """The first result of `attempt` that is true, or its last one after `wait` seconds. It is called at least once.

    Pauses grow from the first to the second length in seconds, and vary, so that waiting processes do not try all at
    the same moment. Between two attempts, what stops the guest that waits is raised.
    """
    deadline = time.monotonic() + wait
    pause, longest = pauses
    while not (result := attempt()):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(left, random.uniform(pause / 2, pause)))
        check()
        pause = min(pause * 1.5, longest)
    return result


def closed() -> Failure:
    """The failure of every call after `close`."""
    return Failure(Kind.CLOSED, "the lock service has been closed")
