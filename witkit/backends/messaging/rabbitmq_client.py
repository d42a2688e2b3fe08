"""A connection to RabbitMQ, and its errors as failures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlsplit

from witkit.backends.backend import Requirement
from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind

T = TypeVar("T")

RABBITMQ: Final = Requirement("pika", "rabbitmq")

URL: Final = "amqp://guest:guest@127.0.0.1:5672/"
"""The default for `url`."""

OPTIONS: Final = ("channel_max", "frame_max", "locale", "client_properties", "ssl_options", "tcp_options")
"""The options that a URL may have. The others of the client library are settings here, or have no effect."""

HEARTBEAT: Final = 60
"""The seconds after which one side takes the other for dead."""

CLOSING: Final = 0.5
"""The seconds that a server may take to agree to the end of a connection."""

_DENIED: Final = 403
_MISSING: Final = 404
_FULL: Final = 311


class RabbitmqConnection:
    """One connection, which the threads of this process use in turn. The next call after a failure connects again."""

    def __init__(self, url: str, timeout: float) -> None:
        """Connect to nothing yet. Raises WitkitError (WIT0910) if the URL is wrong."""
        self._timeout = max(timeout, 0.001)
        self.location = f"RabbitMQ at {place(url)}"
        self._parameters = _parameters(url, self._timeout)
        self._lock = RLock()
        self._connection: Any = None

    def call(self, work: Callable[[Any], T]) -> T:
        """What `work` makes of the connection. Raises Failure."""
        deadline = time.monotonic() + self._timeout
        if not self._lock.acquire(timeout=self._timeout):
            raise Failure(Kind.TIMEOUT, "other calls did not finish in time")
        connected = False
        try:
            connection = self._connected()
            connected = True
            with _limited(connection, deadline - time.monotonic()):
                return work(connection)
        except Failure:
            raise
        except Exception as error:
            raise self._failure(error, connected) from error
        finally:
            self._lock.release()

    def care(self) -> None:
        """Answer heartbeats, if there is a connection."""
        with self._lock:
            if self._connection is not None and self._connection.is_open:
                self.call(lambda connection: connection.process_data_events(0))

    def close(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                _abandon(connection)

    def _connected(self) -> Any:
        import pika

        if self._connection is None or not self._connection.is_open:
            self._connection = pika.BlockingConnection(self._parameters)
        return self._connection

    def _failure(self, error: Exception, connected: bool) -> Failure:
        from pika import exceptions as said

        code, text = getattr(error, "reply_code", 0), f"{type(error).__name__}: {error}"
        closed_channel = isinstance(error, said.ChannelClosedByBroker)
        if not closed_channel and self._connection is not None:
            connection, self._connection = self._connection, None
            _abandon(connection)
        if code == _DENIED or isinstance(error, said.AuthenticationError | said.ProbableAuthenticationError):
            return Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", text)
        if isinstance(error, said.ProbableAccessDeniedError):
            return Failure(Kind.DENIED, "the server refuses the credentials, or these may not do it", text)
        if isinstance(error, said.NackError):
            return Failure(Kind.FULL, "the server has no room for the message", text)
        if isinstance(error, TimeoutError | said.ConnectionBlockedTimeout) or "timeout" in text.lower():
            return Failure(Kind.TIMEOUT, "the server did not answer in time", text)
        if closed_channel:
            kind = Kind.MISSING if code == _MISSING else Kind.FULL if code == _FULL else Kind.OTHER
            return Failure(kind, "the server refuses the operation", text)
        return Failure(Kind.UNREACHABLE, "there is no connection to the server", text)


@contextmanager
def _limited(connection: Any, seconds: float) -> Iterator[None]:
    """Raise TimeoutError if the body waits longer for the server: the client has no timeout for its calls."""
    loop = connection._impl.ioloop
    timer = loop.call_later(max(0.001, seconds), _expire)
    try:
        yield
    finally:
        loop.remove_timeout(timer)


def _expire() -> None:
    raise TimeoutError


def _abandon(connection: Any) -> None:
    """End a connection, and do not wait long for the server, which gives what was not acknowledged to others."""
    # Whatever it was waiting for, the connection is not used any more.
    with suppress(Exception), _limited(connection, CLOSING):
        connection.close()


def _parameters(url: str, timeout: float) -> Any:
    """What the client library connects with. Raises WitkitError (WIT0910) if it cannot read an option of the URL."""
    import pika

    try:
        parameters = pika.URLParameters(url)
    except (ValueError, TypeError, SyntaxError):
        raise wrong_setting("`url` has an option that is wrong", f"options: {', '.join(OPTIONS)}", "url") from None
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = timeout
    parameters.connection_attempts, parameters.heartbeat = 1, HEARTBEAT
    return parameters


def place(url: str) -> str:
    """Host and port of the server in the setting `url`. Raises WitkitError (WIT0910)."""
    try:
        parts = urlsplit(url)
        port = parts.port or (5671 if parts.scheme == "amqps" else 5672)
        if parts.scheme not in ("amqp", "amqps") or not parts.hostname or parts.port == 0 or parts.fragment:
            raise ValueError
        if "/" in parts.path[1:] or (parts.username is not None and parts.password is None):
            raise ValueError
        if not {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} <= {*OPTIONS}:
            raise wrong_setting("`url` has an unknown option", f"options: {', '.join(OPTIONS)}", "url")
        return f"{parts.hostname}:{port}"
    except ValueError:
        help = "amqp://user:password@host:5672/virtual-host, or amqps://… for TLS"
        raise wrong_setting("`url` is not the URL of a RabbitMQ server", help, "url") from None
