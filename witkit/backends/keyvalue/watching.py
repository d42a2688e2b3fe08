"""Watches: changes of keys as they happen, for backends that see them.

When `KeyValue.watch` returns, the watch is set up: what changes from then on is seen, whoever changes it.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from threading import Condition, Event
from typing import Final, Protocol

from witkit.backends.failure import Failure, Kind

WAITING: Final = 10_000
"""The most changes that wait to be read."""
WAITING_BYTES: Final = 64 << 20
"""The most bytes of keys and values that wait to be read."""
LOOK: Final = 0.05
"""The seconds between two looks at a store that does not report changes by itself."""
CHECK: Final = 0.25
"""The seconds after which a connection that reports nothing is looked at."""
KEYS: Final = 100_000
"""The most keys of a store that is looked at as a whole."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What became of a key: its value, or None after it was removed."""

    store: str
    key: str
    value: bytes | None


class Watch(Protocol):
    """Changes of some keys of a store. One thread reads; any thread may close."""

    @abstractmethod
    def next(self, seconds: float) -> KeyChange | None:
        """The next change, or None if none came within `seconds`, or the watch is closed.

        Raises Failure: FULL if more changes wait than are kept, UNREACHABLE if the connection was lost, CLOSED. The
        watch has then ended, and changes may be missing.
        """

    @abstractmethod
    def close(self) -> None:
        """End the watch, also while another thread waits in `next`."""


class Reported(Watch):
    """Changes that another thread reports with `put`."""

    def __init__(self, closing: Callable[[], object], check: Callable[[], object] = lambda: None) -> None:
        """`closing` is called once. `check` raises Failure if nothing can be reported any more."""
        self._closing, self._check = closing, check
        self._waiting: deque[KeyChange] = deque()
        self._bytes, self._closed = 0, False
        self._failure: Failure | None = None
        self._changed = Condition()

    def put(self, change: KeyChange) -> None:
        """Report a change. Never blocks: what is too much ends the watch."""
        with self._changed:
            size = len(change.key) + len(change.value or b"")
            if len(self._waiting) >= WAITING or (self._waiting and self._bytes + size > WAITING_BYTES):
                self._failure = self._failure or Failure(Kind.FULL, "more changes wait than are kept")
            if self._failure is None and not self._closed:
                self._waiting.append(change)
                self._bytes += size
            self._changed.notify()

    def fail(self, failure: Failure) -> None:
        """End the watch after the changes that wait."""
        with self._changed:
            self._failure = self._failure or failure
            self._changed.notify()

    def next(self, seconds: float) -> KeyChange | None:
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._failure or self._closed, max(0, min(left, CHECK)))
                if self._closed:
                    return None
                if self._waiting:
                    change = self._waiting.popleft()
                    self._bytes -= len(change.key) + len(change.value or b"")
                    return change
                if self._failure is not None:
                    raise self._failure
            self._check()
            if left <= CHECK:
                return None

    def close(self) -> None:
        with self._changed:
            first, self._closed = not self._closed, True
            self._changed.notify()
        if first:
            self._closing()


class Looking(Watch):
    """Changes that are found by looking again and again: of several ones between two looks, the last one is seen."""

    def __init__(
        self,
        store: str,
        keys: Collection[str] | None,
        version: Callable[[], object],
        read: Callable[[], Iterator[tuple[str, bytes]]],
    ) -> None:
        """`version` is cheap and differs after a change, `read` has the watched keys with their values."""
        self._store, self._keys, self._version, self._read = store, keys, version, read
        self._found: deque[KeyChange] = deque()
        self._closed = Event()
        self._seen = version()
        self._known: Mapping[str, bytes] = {key: _digest(value) for key, value in self._entries()}

    def next(self, seconds: float) -> KeyChange | None:
        deadline = time.monotonic() + seconds
        while not self._closed.is_set():
            if self._found:
                return self._found.popleft()
            self._look()
            if not self._found and self._closed.wait(max(0.0, min(LOOK, deadline - time.monotonic()))):
                break
            if not self._found and time.monotonic() >= deadline:
                break
        return None

    def close(self) -> None:
        self._closed.set()

    def _look(self) -> None:
        version = self._version()
        if version == self._seen:
            return
        self._seen = version
        found = dict[str, bytes]()
        for key, value in self._entries():
            digest = _digest(value)
            if self._known.get(key) != digest:
                self._found.append(KeyChange(self._store, key, value))
            found[key] = digest
        gone = sorted(self._known.keys() - found.keys())
        self._found.extend(KeyChange(self._store, key, None) for key in gone)
        self._known = found

    def _entries(self) -> Iterator[tuple[str, bytes]]:
        for number, entry in enumerate(self._read()):
            if number >= KEYS:
                raise Failure(Kind.FULL, f"the store has more than {KEYS:,} keys: name those to watch")
            yield entry


def _digest(value: bytes) -> bytes:
    return blake2b(value, digest_size=16).digest()


def unsupported() -> Failure:
    """The failure of a backend that cannot watch."""
    names = "`memory`, `sqlite`, `redis` and `nats` can"
    return Failure(Kind.UNSUPPORTED, f"the backend cannot watch keys; {names}")
