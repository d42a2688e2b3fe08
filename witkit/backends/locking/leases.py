"""Locks on a server that frees each of them after a time, unless it is renewed.

A lock with a time to live is never renewed. One without is renewed by a thread as long as its host lives, so that the
server frees it when it has not heard of the host for the time of a session.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import SECONDS, TIME_LIMIT, BackendSettings, setting

from .keeper import Keeper
from .protocol import TIMEOUT, Locks, LockToken, closed, eventually

PAUSES: Final = (0.01, 0.1)
"""The seconds between two questions whether a lock is free."""

SHORTEST: Final = 2.0
"""The shortest session in seconds, which leaves time to renew it."""

_UNKNOWN: Final = {Kind.TIMEOUT, Kind.UNREACHABLE, Kind.PROTOCOL}
"""Failures after which it is unknown whether the server has done something."""


def _long_enough(session: float) -> None:
    if session < SHORTEST:
        raise wrong_setting(f"`session` must be at least {SHORTEST:g} seconds", setting="session")


@dataclass(frozen=True, slots=True, repr=False)
class LeaseSettings(BackendSettings):
    timeout: float = setting(SECONDS, "How long `lock` waits for a lock.", TIMEOUT)
    answer_timeout: float = setting(TIME_LIMIT, "How long the server may take for an answer.", 5.0)
    session: float = setting(
        SECONDS, "After which time locks of a host that died are free, at least 2.", 10.0, checked=_long_enough
    )


def key_of(prefix: str, service: str, name: bytes) -> bytes:
    """The key of a lock: `<prefix><service>:<name>`, where the service has `%25` for `%` and `%3A` for `:`."""
    return f"{prefix}{service.replace('%', '%25').replace(':', '%3A')}:".encode() + name


class LockServer(Protocol):
    """A server for locks. Each call takes a bounded time, and raises Failure."""

    location: str
    begins_again: ClassVar[bool] = False
    """Whether it counts the time of all locks from zero when it starts, so that some would end late."""

    @abstractmethod
    def acquire(self, service: str, token: LockToken, seconds: float) -> float:
        """Take the lock for so long, if it is free. 0 if it is not.

        Returns for how long the server gives it, which may be more.
        """

    @abstractmethod
    def renew(self, service: str, token: LockToken, seconds: float) -> bool:
        """Keep the lock for so long from now on. False if the token does not hold it."""

    @abstractmethod
    def release(self, service: str, token: LockToken) -> bool:
        """Free the lock. False if the token does not hold it."""

    @abstractmethod
    def check(self) -> None:
        """Ask the server for an answer, which changes nothing there."""

    def prepare(self) -> None:
        """Create what the server needs for locks, if anything."""
        return

    @abstractmethod
    def close(self) -> None:
        """Release connections."""


class LeasedLocks(Locks):
    """The locks of a server."""

    def __init__(self, server: LockServer, settings: LeaseSettings, limits: Limits) -> None:
        self._server, self._session, self._closed = server, settings.session, False
        self._keeper = Keeper(server.renew, server.release, settings.session)
        self.timeout, self.limits, self.location = settings.timeout, limits, server.location

    def take(self, service: str, name: bytes, life: float | None, wait: float) -> bytes | None:
        token = LockToken.new(name)
        seconds = self._session if life is None else life
        try:
            given = eventually(lambda: self._attempt(service, token, seconds), wait, PAUSES)
        except Failure as failure:
            if failure.kind in _UNKNOWN:
                self._keeper.end(service, token, 0, seconds)
            raise
        if given and life is None:
            self._keeper.keep(service, token)
        elif given > seconds or (given and self._server.begins_again):
            self._keeper.end(service, token, seconds, seconds + given)
        return bytes(token) if given else None

    def free(self, service: str, token: bytes) -> bool:
        self._expect_open()
        found = LockToken.read(token)
        if found is None:
            return False
        self._keeper.forget(service, found)
        try:
            return self._server.release(service, found)
        except Failure as failure:
            if failure.kind in _UNKNOWN:
                self._keeper.end(service, found, 0, self._session)
            raise

    def check(self) -> None:
        self._expect_open()
        self._server.check()

    def prepare(self) -> None:
        self._server.prepare()

    def close(self) -> None:
        """Free the locks without time to live, if the server answers, and close the connections."""
        self._closed = True
        self._keeper.close()
        self._server.close()

    def _attempt(self, service: str, token: LockToken, seconds: float) -> float:
        self._expect_open()
        return self._server.acquire(service, token, seconds)

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()
