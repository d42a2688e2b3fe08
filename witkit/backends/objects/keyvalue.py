"""Key-value stores in an object store: an object for each key.

`swap` reads the object and replaces it on the condition that its ETag is still the same (`If-Match`), or creates it on
the condition that there is none (`If-None-Match`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from heapq import nsmallest
from threading import Lock
from typing import Final

from witkit.backends.failure import Failure, Kind
from witkit.backends.keyvalue.protocol import KeyValue, closed, summed
from witkit.backends.limits import Limits

from .containers import ServiceContainers
from .folders import ObjectFolder
from .service import LONGEST_KEY, ObjectService

PATIENCE: Final = 10.0
"""The seconds that a change of a value tries again while others change it."""

BACKOFF: Final = 0.02
LONGEST_BACKOFF: Final = 0.3

LIMITS = Limits(key=LONGEST_KEY)

_IGNORES = "the server stores without the condition that nobody else has changed the value"


class ObjectStores(KeyValue):
    """Stores in a bucket, or stores that are buckets."""

    limits = LIMITS

    def __init__(self, service: ObjectService) -> None:
        self.location = service.location
        self._containers = ServiceContainers(service)
        self._is_closed = False
        self._keeps_conditions: bool | None = None
        self._turn = Lock()

    def create(self, store: str) -> None:
        self._expect_open()
        self._containers.create(store)

    def get(self, store: str, key: str) -> bytes | None:
        found = self._folder(store).content(key)
        return None if found is None else found[0]

    def set(self, store: str, key: str, value: bytes) -> None:
        self._folder(store).put(key, value)

    def exists(self, store: str, key: str) -> bool:
        return self._folder(store).head(key) is not None

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        found = (key for key in self._folder(store).names() if key > after)
        return sorted(found) if count is None else nsmallest(count, found)

    def delete(self, store: str, key: str) -> None:
        self._folder(store).delete([key])

    def delete_many(self, store: str, keys: Sequence[str]) -> None:
        self._folder(store).delete(keys)

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        folder = self._folder(store)
        self._expect_conditions(folder)
        deadline = time.monotonic() + PATIENCE
        while True:
            value, tag = folder.content(key) or (None, None)
            if value != old:
                return False
            try:
                folder.put(key, new, "create" if value is None else {"e_tag": tag})
                return True
            except Failure as failure:
                # Somebody was faster, but may have stored the same value again.
                if failure.kind is not Kind.CONFLICT or time.monotonic() > deadline:
                    raise

    def increment(self, store: str, key: str, delta: int) -> int:
        # Threads take turns. Requests take long, so that others wait long, too, or some would never come first.
        deadline, wait = time.monotonic() + PATIENCE, BACKOFF
        with self._turn:
            while True:
                old = self.get(store, key)
                new = summed(old, delta)
                if self.swap(store, key, old, b"%d" % new):
                    return new
                if time.monotonic() > deadline:
                    raise Failure(Kind.TIMEOUT, "others change the number all the time")
                time.sleep(random.uniform(0, wait))
                wait = min(2 * wait, LONGEST_BACKOFF)

    def check(self) -> None:
        self._expect_open()
        self._containers.check()

    def close(self) -> None:
        self._is_closed = True

    def _expect_conditions(self, folder: ObjectFolder) -> None:
        """Raise Failure (UNSUPPORTED) if the server ignores conditions, as some do. Asked for once."""
        if self._keeps_conditions is None:
            self._keeps_conditions = folder.keeps_conditions()
        if not self._keeps_conditions:
            raise Failure(Kind.UNSUPPORTED, _IGNORES)

    def _folder(self, store: str) -> ObjectFolder:
        self._expect_open()
        return self._containers(store)

    def _expect_open(self) -> None:
        if self._is_closed:
            raise closed()
