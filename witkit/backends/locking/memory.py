"""Locks in the memory of this process, for its instances and threads."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Condition

from witkit._waiting import within
from witkit.backends.backend import Backend
from witkit.backends.budget import MEMORY, ByteBudget, Full, size
from witkit.backends.limits import Limits
from witkit.backends.settings import COUNT, SECONDS, BackendSettings, setting

from .protocol import TIMEOUT, Locks, LockToken, closed

FOREVER = float("inf")


@dataclass(frozen=True, slots=True, repr=False)
class MemorySettings(BackendSettings):
    timeout: float = setting(SECONDS, "How long `lock` waits for a lock.", TIMEOUT)
    memory: int = setting(COUNT, "The most bytes that the names of all locks may take.", MEMORY)


@dataclass(frozen=True, slots=True)
class Held:
    """What holds a lock, and until when on the monotonic clock."""

    secret: bytes
    until: float

    @property
    def is_over(self) -> bool:
        return self.until <= time.monotonic()


class MemoryLocks(Locks):
    """The locks that are held, by service and name."""

    limits = Limits()
    location = "memory, until the program ends"

    def __init__(self, settings: MemorySettings) -> None:
        self.timeout = settings.timeout
        self._held: dict[tuple[str, bytes], Held] = {}
        self._budget, self._freed, self._closed = ByteBudget(settings.memory), Condition(), False

    def take(self, service: str, name: bytes, life: float | None, wait: float) -> bytes | None:
        deadline = time.monotonic() + wait
        with self._freed:
            self._expect_open()
            while (held := self._held.get((service, name))) is not None and not held.is_over:
                left = min(held.until, deadline) - time.monotonic()
                if deadline <= time.monotonic():
                    return None
                with within(self):
                    self._freed.wait(max(left, 0))
                self._expect_open()
            token = LockToken.new(name)
            self._make_room(service, name)
            until = FOREVER if life is None else time.monotonic() + life
            self._held[service, name] = Held(token.secret, until)
            return bytes(token)

    def nudge(self) -> None:
        """Let everybody who waits look again, also whether something stops the guest that waits."""
        with self._freed:
            self._freed.notify_all()

    def free(self, service: str, token: bytes) -> bool:
        with self._freed:
            self._expect_open()
            held = self._held.get((service, found.name)) if (found := LockToken.read(token)) else None
            if not found or not held or held.secret != found.secret:
                return False
            self._forget(service, found.name)
            self._freed.notify_all()
            return not held.is_over

    def check(self) -> None:
        with self._freed:
            self._expect_open()

    def close(self) -> None:
        with self._freed:
            self._closed = True
            self._freed.notify_all()

    def _expect_open(self) -> None:
        if self._closed:
            raise closed()

    def _make_room(self, service: str, name: bytes) -> None:
        """Take room for a free lock. If there is none, forget the locks that have expired. Raises Full."""
        if (service, name) in self._held:
            self._forget(service, name)
        try:
            self._budget.take(size(service, name))
        except Full:
            for over in [lock for lock, held in self._held.items() if held.is_over]:
                self._forget(*over)
            self._budget.take(size(service, name))

    def _forget(self, service: str, name: bytes) -> None:
        del self._held[service, name]
        self._budget.take(-size(service, name))


backend = Backend("Locks in the memory of this process.", MemoryLocks, MemorySettings)
