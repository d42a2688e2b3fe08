"""Locks in the memory of this process, for its instances and threads."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from threading import Condition
from typing import ClassVar, Self

from witkit.abi import Err
from witkit.backends.base import Opened, Settings, number, reject_unknown_settings
from witkit.backends.budget import Budget, Full, budget, size
from witkit.interfaces.distributed_locking import distributed_locking as api

TIMEOUT = 10.0
"""The default for `timeout`: the seconds that `lock` waits."""

FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Held:
    """The key that holds a lock, and until when on the monotonic clock."""

    key: bytes
    until: float


class Service:
    """The locks of one service."""

    def __init__(self, budget: Budget, freed: Condition) -> None:
        self._held: dict[bytes, Held] = {}
        self._budget, self._freed = budget, freed

    def lock(self, name: bytes, life: float, timeout: float) -> bytes | None:
        """Lock for `life` seconds and return the key, or None if the lock does not become free within `timeout`.

        Raises Full if there are too many locks.
        """
        deadline = time.monotonic() + timeout
        with self._freed:
            while (holder := self._held.get(name)) is not None and holder.until > (now := time.monotonic()):
                if now >= deadline:
                    return None
                self._freed.wait(min(holder.until, deadline) - now)
            self._take(name)
            key = secrets.token_bytes(16)
            self._held[name] = Held(key, time.monotonic() + life)
            return key

    def unlock(self, key: bytes) -> bool:
        """Free the lock that the key holds. False if it did not hold one."""
        with self._freed:
            for name, holder in self._held.items():
                if holder.key == key:
                    self._forget(name)
                    self._freed.notify_all()
                    return holder.until > time.monotonic()
            return False

    def _take(self, name: bytes) -> None:
        """Take room for a free lock. If there is none, forget the locks that have expired."""
        if name in self._held:
            self._forget(name)
        try:
            self._budget.take(size(name))
        except Full:
            for over in [name for name, holder in self._held.items() if holder.until <= time.monotonic()]:
                self._forget(over)
            self._budget.take(size(name))

    def _forget(self, name: bytes) -> None:
        del self._held[name]
        self._budget.take(-size(name))


class Services:
    """All lock services of one backend, created when they are first used."""

    def __init__(self, timeout: float, budget: Budget) -> None:
        self.timeout, self.closed = timeout, False
        self._services: dict[str, Service] = {}
        self._budget, self._freed = budget, Condition()

    def check(self) -> None:
        """Raise `connection-error` if the backend is closed."""
        if self.closed:
            raise Err(api.DistributedLockingError_ConnectionError("the lock service has been closed"))

    def service(self, name: str) -> Service:
        """The service with this name. Raises `connection-error` if there is no room for another one."""
        self.check()
        with self._freed:
            if name not in self._services:
                try:
                    self._budget.take(size(name))
                except Full as full:
                    raise Err(api.DistributedLockingError_ConnectionError(str(full))) from full
                self._services[name] = Service(self._budget, self._freed)
            return self._services[name]


class DistributedLocking:
    """`resource distributed-locking`: one lock service."""

    _services: ClassVar[Services]

    def __init__(self, name: str) -> None:
        self._service = self._services.service(name)

    @classmethod
    def open(cls, name: str) -> Self:
        """The lock service with this name."""
        return cls(name)

    def lock(self, lock_name: bytes) -> bytes:
        """Take a lock and return its key. Raises `lock-timeout-error`."""
        return self._take(lock_name, FOREVER)

    def lock_with_time_to_live(self, lock_name: bytes, time_to_live_in_secs: int) -> bytes:
        """Take a lock that frees itself. Raises `lock-timeout-error`, `lock-acquire-error`."""
        if time_to_live_in_secs <= 0:
            raise Err(api.DistributedLockingError_LockAcquireError("the time to live must be positive"))
        return self._take(lock_name, time_to_live_in_secs)

    def unlock(self, lock_key: bytes) -> None:
        """Free the lock that the key holds. Raises `invalid-lock-id`."""
        self._services.check()
        if not self._service.unlock(bytes(lock_key)):
            raise Err(api.DistributedLockingError_InvalidLockId("the key does not hold a lock"))

    def _take(self, name: bytes, life: float) -> bytes:
        self._services.check()
        timeout = self._services.timeout
        try:
            key = self._service.lock(bytes(name), life, timeout)
        except Full as full:
            raise Err(api.DistributedLockingError_LockAcquireError(str(full))) from full
        if key is None:
            raise Err(api.DistributedLockingError_LockTimeoutError(f"the lock did not become free in {timeout:g} s"))
        return key


class MemoryLocks:
    """`interface distributed-locking` over one set of services: the implementation for the import."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._bound = type(
            "DistributedLocking",
            (DistributedLocking,),
            {"_services": services, "__doc__": DistributedLocking.__doc__},
        )

    @property
    def DistributedLocking(self) -> type[DistributedLocking]:
        """The class of these services."""
        return self._bound


class MemoryBackend:
    """Settings: `timeout`, the seconds that `lock` waits (10); `memory`, the most bytes that the names of all locks may
    take (256 MiB)."""

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "timeout", "memory")
        services = Services(number(settings, "timeout", TIMEOUT), budget(settings))
        return Opened(MemoryLocks(services), "memory, until the program ends")

    def close(self, opened: Opened) -> None:
        opened.implementation.services.closed = True


backend = MemoryBackend()
