"""`spiderlightning:distributed-locking/distributed-locking` over backends for locks."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from witkit.abi import Err
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.locking.protocol import SECRET, Locks
from witkit.backends.selector import Selector
from witkit.interfaces.distributed_locking import distributed_locking as api

LONGEST: Final = 100 * 365 * 86400
"""The longest time to live in seconds, a hundred years. No server can count up to what the interface allows."""

_ALWAYS = {
    Kind.INVALID_NAME: api.DistributedLockingError_ConnectionError,
    Kind.UNREACHABLE: api.DistributedLockingError_ConnectionError,
    Kind.DENIED: api.DistributedLockingError_ConnectionError,
    Kind.TIMEOUT: api.DistributedLockingError_ConnectionError,
    Kind.CLOSED: api.DistributedLockingError_ConnectionError,
    Kind.PROTOCOL: api.DistributedLockingError_ProtocolError,
}
TAKING: Final = Cases(
    api.DistributedLockingError_UnexpectedError,
    {
        **_ALWAYS,
        Kind.INVALID_KEY: api.DistributedLockingError_LockAcquireError,
        Kind.INVALID_VALUE: api.DistributedLockingError_LockAcquireError,
        Kind.FULL: api.DistributedLockingError_LockAcquireError,
        Kind.IO: api.DistributedLockingError_LockAcquireError,
    },
)
FREEING: Final = Cases(
    api.DistributedLockingError_UnexpectedError,
    {
        **_ALWAYS,
        Kind.FULL: api.DistributedLockingError_LockReleaseError,
        Kind.IO: api.DistributedLockingError_LockReleaseError,
    },
)


class Service:
    """`resource distributed-locking`: the locks of one service."""

    _selector: ClassVar[Selector[Locks]]

    def __init__(self, name: str, locks: Locks) -> None:
        self._name, self._locks = name, locks

    @classmethod
    def open(cls, name: str) -> Self:
        """The lock service with this name. Raises `connection-error` if it cannot be reached."""
        with TAKING.raised("locking open"):
            locks = cls._selector(name)
            locks.check()
        return cls(name, locks)

    def lock(self, lock_name: bytes) -> bytes:
        """Take a lock and return its key. Raises `lock-timeout-error`, `lock-acquire-error`."""
        return self._take("locking lock", lock_name, None)

    def lock_with_time_to_live(self, lock_name: bytes, time_to_live_in_secs: int) -> bytes:
        """Take a lock that frees itself. Raises `lock-timeout-error`, `lock-acquire-error`."""
        return self._take("locking lock-with-time-to-live", lock_name, time_to_live_in_secs)

    def unlock(self, lock_key: bytes) -> None:
        """Free the lock that the key holds. Raises `invalid-lock-id`, `lock-release-error`."""
        with FREEING.raised("locking unlock"):
            longest = self._locks.limits.key
            possible = longest is None or len(lock_key) <= SECRET + longest
            freed = possible and self._locks.free(self._name, bytes(lock_key))
        if not freed:
            raise Err(api.DistributedLockingError_InvalidLockId("the key does not hold a lock"))

    def _take(self, operation: str, name: bytes, life: int | None) -> bytes:
        wait = self._locks.timeout
        with TAKING.raised(operation):
            if life is not None and life <= 0:
                raise Failure(Kind.INVALID_VALUE, "the time to live must be positive")
            self._locks.limits.check_key(bytes(name))
            key = self._locks.take(self._name, bytes(name), None if life is None else min(life, LONGEST), wait)
        if key is None:
            raise Err(api.DistributedLockingError_LockTimeoutError(f"the lock did not become free in {wait:g} s"))
        return key


class Services:
    """`interface distributed-locking`: the implementation for an import."""

    def __init__(self, selector: Selector[Locks]) -> None:
        self._bound = type("DistributedLocking", (Service,), {"_selector": selector, "__doc__": Service.__doc__})

    @property
    def DistributedLocking(self) -> type[Service]:
        """The class of services of this selector."""
        return self._bound
