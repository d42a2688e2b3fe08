"""Changes of keys in Redis, by the invalidations that the server sends to caches of clients (Redis 6 and later).

They come for every change, whoever makes it, with any configuration of the server, and cost writers nothing. They name
the key only, so that the value is read afterwards: of several changes in a row, the last one may be seen several times.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from witkit.backends.failure import Failure, Kind
from witkit.backends.redis_client import failures

from .watching import KeyChange, Watch

if TYPE_CHECKING:
    from redis import Redis

CHANNEL: Final = "__redis__:invalidate"
QUIET: Final = 10.0
"""The seconds without a message after which the server is asked for one."""


class Invalidations(Watch):
    """A connection of its own, on which the server reports the keys of one store."""

    def __init__(
        self,
        client: Redis,
        store: str,
        beginning: bytes,
        keys: Collection[str] | None,
        get: Callable[[str, str], bytes | None],
        check_open: Callable[[], object],
    ) -> None:
        """`beginning` is what the keys of the store have in front of them in Redis. Raises Failure."""
        self._store, self._beginning, self._keys, self._get = store, beginning, keys, get
        self._check_open = check_open
        self._client, self._closed, self._lock = client, False, Lock()
        self._changed: deque[str] = deque()
        self._heard, self._asked = time.monotonic(), False
        self._timeout: float = client.connection_pool.connection_kwargs["socket_timeout"]
        with failures():
            connection: Any = client.connection_pool.get_connection()
            self._connection = connection
            try:
                number = self._command("CLIENT", "ID")
                self._command("CLIENT", "TRACKING", "ON", "REDIRECT", number, "BCAST", "PREFIX", beginning)
                self._command("SUBSCRIBE", CHANNEL)
            except BaseException:
                connection.disconnect()
                raise

    def next(self, seconds: float) -> KeyChange | None:
        deadline = time.monotonic() + seconds
        while not self._closed:
            if self._changed:
                key = self._changed.popleft()
                return KeyChange(self._store, key, self._get(self._store, key))
            self._check_open()
            left = deadline - time.monotonic()
            if not self._listened(max(left, 0)) and left <= 0:
                break
        return None

    def close(self) -> None:
        self._closed = True
        with self._lock:
            self._connection.disconnect()

    def _listened(self, seconds: float) -> bool:
        """Whether a message came. Raises Failure if the connection was lost."""
        with failures(), self._lock:
            if self._closed:
                return False
            if self._connection.can_read(timeout=min(seconds, 0.25)):
                self._take(self._connection.read_response())
                self._heard, self._asked = time.monotonic(), False
                return True
            quiet = time.monotonic() - self._heard
            if quiet > QUIET and not self._asked:
                self._connection.send_command("PING")
                self._asked = True
            if quiet > QUIET + self._timeout:
                raise Failure(Kind.UNREACHABLE, "there is no connection to the server", "it does not answer to PING")
            return False

    def _take(self, message: Any) -> None:
        """Note the keys that a message names; one about all of them (`FLUSHALL`) names the watched ones."""
        if not (isinstance(message, list) and message[0] == b"message"):
            return
        if message[2] is None:
            self._changed.extend(self._keys or ())
            return
        for name in message[2]:
            with suppress(UnicodeDecodeError):
                key = name[len(self._beginning) :].decode()
                if key and name.startswith(self._beginning) and (self._keys is None or key in self._keys):
                    self._changed.append(key)

    def _command(self, *command: Any) -> Any:
        self._connection.send_command(*command)
        return self._connection.read_response()
