"""Connections to Redis, and its errors as failures: for the backends of every capability."""

from __future__ import annotations

import select
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from .backend import Requirement
from .failure import Failure, Kind
from .interruptible import Interruptible
from .redis_url import checked

if TYPE_CHECKING:
    from redis import Redis
    from redis.exceptions import RedisError

REDIS: Final = Requirement("redis", "redis")

URL: Final = "redis://127.0.0.1:6379/0"
"""The default for `url`."""

_ACCESS: Final = ("NOAUTH", "WRONGPASS", "NOPERM", "invalid username-password", "invalid password", "no permissions")


def client(url: str, timeout: float, **options: Any) -> Redis:
    """A client, which has not connected yet. Raises WitkitError (WIT0910) if the URL is wrong.

    It sends each command once: what fails may have taken effect, and only the caller knows whether it may happen twice.
    The next command connects again. Threads may share it, and children of a fork have connections of their own.
    `options` are those of the connections.
    """
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.maint_notifications import MaintNotificationsConfig
    from redis.retry import Retry

    checked(url)
    limit = max(timeout, 0.001)
    made = Redis.from_url(
        url,
        socket_timeout=limit,
        socket_connect_timeout=limit,
        retry=Retry(NoBackoff(), 0),
        # They would lengthen the timeouts, and the name of the library costs two more answers.
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
        driver_info=None,
        **options,
    )
    made.connection_pool.connection_class = _interruptible(made.connection_pool.connection_class)
    return made


@cache
def _interruptible(connection: Any) -> Any:
    """A class of connections like this one, whose waits for an answer end when the guest is stopped.

    They do not connect to a server of a cluster, which would refuse most keys.

    Connecting takes several answers. Together with the answer to the first command, they have the time of one.
    """

    from redis.exceptions import ClusterError

    class InterruptibleConnection(connection):  # type: ignore[misc]
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self._interruptible = Interruptible()
            self._poll: select.poll | None = None
            self._deadline: float | None = None
            self._is_connecting = False

        def connect(self) -> None:
            if self._sock is not None:
                return
            self._deadline, self._is_connecting = time.monotonic() + self.socket_timeout, True
            try:
                super().connect()
            finally:
                self._is_connecting = False
            said = getattr(self, "handshake_metadata", None) or {}
            if said.get(b"mode") == b"cluster":
                self.disconnect()
                raise ClusterError("its answer to HELLO has the mode `cluster`")

        def is_lost(self) -> bool:
            """Whether the server has closed this connection, which is idle: it says nothing on one that is well."""
            if self._sock is None:
                return True
            if not hasattr(select, "poll"):  # Windows
                return bool(select.select([self._sock], [], [], 0)[0])
            if self._poll is None:
                self._poll = select.poll()
                self._poll.register(self._sock, select.POLLIN | select.POLLHUP)
            return bool(self._poll.poll(0))

        def disconnect(self, *given: Any, **options: Any) -> None:
            self._poll = None
            super().disconnect(*given, **options)

        def read_response(self, *given: Any, **options: Any) -> Any:
            if self._sock is None:
                return super().read_response(*given, **options)
            if self._deadline is not None:
                options.setdefault("timeout", max(self._deadline - time.monotonic(), 0.001))
                if not self._is_connecting:
                    self._deadline = None
            with self._interruptible.on(self._sock.fileno()):
                return super().read_response(*given, **options)

    return InterruptibleConnection


def location(client: Redis) -> str:
    """The server of a client: `Redis at 127.0.0.1:6379, database 1`."""
    options = client.connection_pool.connection_kwargs
    database = options.get("db") or 0
    place = options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
    return f"Redis at {place}" + (f", database {database}" if database else "")


class _Failures:
    """Every call enters it; a generator as a context would cost several times as much."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        if raised is None:
            return
        from redis.exceptions import RedisError

        if isinstance(raised, RedisError):
            raise failure_of(raised) from raised


_FAILURES: Final = _Failures()


def failures() -> _Failures:
    """A context that raises errors of the client as Failure."""
    return _FAILURES


def failure_of(error: RedisError) -> Failure:
    """What an error of the client means."""
    from redis import exceptions as said

    text = str(error)
    if isinstance(error, said.AuthenticationError | said.AuthorizationError | said.NoPermissionError) or _refused(text):
        return Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", text)
    if isinstance(error, said.TimeoutError):
        return Failure(Kind.TIMEOUT, "the server did not answer in time", text)
    if isinstance(error, said.MaxConnectionsError):
        return Failure(Kind.TIMEOUT, "all connections to the server are in use", text)
    if isinstance(error, said.BusyLoadingError):
        return Failure(Kind.UNREACHABLE, "the server is still loading its data", text)
    if isinstance(error, said.ConnectionError | said.ClusterDownError | said.InvalidResponse):
        return Failure(Kind.UNREACHABLE, "there is no connection to the server", text)
    if isinstance(error, said.ClusterError | said.AskError | said.ClusterCrossSlotError):
        return Failure(Kind.UNSUPPORTED, "the server belongs to a cluster, which has keys on other servers", text)
    if isinstance(error, said.OutOfMemoryError):
        return Failure(Kind.FULL, "the server has no memory left", text)
    if isinstance(error, said.ReadOnlyError):
        return Failure(Kind.DENIED, "the server can only be read", text)
    if text.startswith("MISCONF"):
        return Failure(Kind.IO, "the server cannot write to its disk", text)
    if text.startswith("WRONGTYPE"):
        return Failure(Kind.IO, "the server has something else than a value under this key", text)
    if "not an integer" in text:
        return Failure(Kind.INVALID_VALUE, "the value is not a number", text)
    if "would overflow" in text:
        return Failure(Kind.INVALID_VALUE, "the sum needs more than 64 bits", text)
    return Failure(Kind.OTHER, "the server refuses the operation", text)


def _refused(text: str) -> bool:
    return any(word in text for word in _ACCESS)
