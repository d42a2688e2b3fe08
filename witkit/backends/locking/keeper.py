"""A thread that renews the locks of this host, and frees those of which it is unknown whether they were taken."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final, TypeAlias

from witkit.backends.failure import Failure

from .protocol import LockToken, closed

LOG = logging.getLogger("witkit.backends")

RETRIES: Final = 1.0
"""The seconds between two attempts to free a lock while the server does not answer."""

Lock: TypeAlias = tuple[str, LockToken]
"""The service and the token of a lock."""


class Keeper:
    """The locks of one host. The thread starts with the first of them."""

    def __init__(
        self,
        renew: Callable[[str, LockToken, float], bool],
        release: Callable[[str, LockToken], bool],
        session: float,
    ) -> None:
        """`session` is the number of seconds for which `renew` keeps a lock; each is renewed three times in it."""
        self._renew, self._release, self._session = renew, release, session
        self._kept: set[Lock] = set()
        self._due: dict[Lock, tuple[float, float]] = {}
        self._changed, self._closed, self._answers = Condition(), False, True
        self._thread: Thread | None = None

    def keep(self, service: str, token: LockToken) -> None:
        """Renew a lock that has just been taken. Raises Failure (CLOSED), and then frees it."""
        with self._changed:
            if not self._closed:
                self._kept.add((service, token))
                self._start()
                return
        self._free((service, token))
        raise closed()

    def end(self, service: str, token: LockToken, after: float, until: float) -> None:
        """Free a lock `after` some seconds. If the server does not answer, try again for `until` seconds."""
        now = time.monotonic()
        with self._changed:
            if not self._closed:
                self._due[service, token] = (now + after, now + until)
                self._start()
                self._changed.notify_all()

    def forget(self, service: str, token: LockToken) -> None:
        """Stop renewing a lock."""
        with self._changed:
            self._kept.discard((service, token))
            self._due.pop((service, token), None)

    def close(self) -> None:
        """Free the locks that are renewed and those that are due, and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        now = time.monotonic()
        for lock in [*self._kept, *(lock for lock, (begin, _) in self._due.items() if begin <= now)]:
            if not self._free(lock):
                return  # The server does not answer, and frees the others itself.

    def _start(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, name="witkit locks", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        renewed = time.monotonic()
        while True:
            with self._changed:
                if self._closed:
                    return
                next_end = min((begin for begin, _ in self._due.values()), default=float("inf"))
                wake = min(renewed + self._session / 3, next_end)
                if (pause := wake - time.monotonic()) > 0:
                    self._changed.wait(pause)
                    continue
            now = time.monotonic()
            if now >= renewed + self._session / 3:
                renewed = now
                self._renew_all()
            self._end_due(now)

    def _renew_all(self) -> None:
        for service, token in list(self._kept):
            if self._closed:
                return
            try:
                held = self._renew(service, token, self._session)
            except Failure as failure:
                self._complain(failure)
                return
            self._answers = True
            if not held:
                self.forget(service, token)

    def _end_due(self, now: float) -> None:
        with self._changed:
            due = [lock for lock, (begin, _) in self._due.items() if begin <= now]
        for lock in due:
            done = self._free(lock)
            with self._changed:
                _, last = self._due.pop(lock, (now, now))
                if not done and now < last:
                    self._due[lock] = (now + RETRIES, last)

    def _free(self, lock: Lock) -> bool:
        """Free a lock. False if the server does not answer."""
        try:
            self._release(*lock)
        except Failure as failure:
            self._complain(failure)
            return False
        self._answers = True
        return True

    def _complain(self, failure: Failure) -> None:
        """Write the first failure of several to the operator's log."""
        if self._answers:
            LOG.warning("locking: locks cannot be renewed or freed: %s", failure.shown)
        self._answers = False
