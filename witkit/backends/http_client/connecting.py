"""Connections to addresses that were checked: a name is looked up once, and its address is checked and connected to.

The time of a request is bounded as a whole, however slowly a server sends: reads and writes get what is left of it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from ssl import SSLContext
from threading import Thread
from typing import Any, Final

from httpcore2 import SOCKET_OPTION, ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, SyncBackend

from witkit.backends.failure import Failure, Kind

from .addresses import Address
from .urls import literal

_PIECE: Final = 65_536
"""The bytes that are written at once, each within what is left of the time."""

_DEADLINE: Final[ContextVar[float]] = ContextVar("deadline")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All reads and writes of the body have to end in time. Raises Failure (TIMEOUT)."""
    before = _DEADLINE.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _DEADLINE.reset(before)


def left() -> float:
    """The seconds that are left of the request. Raises Failure (TIMEOUT) if none are."""
    found = _DEADLINE.get() - time.monotonic()
    if found <= 0:
        raise late()
    return found


def late(detail: str = "") -> Failure:
    """The failure of a request that took too long."""
    return Failure(Kind.TIMEOUT, "no complete response came in time", detail)


def forbidden(detail: str) -> Failure:
    """The failure of a request to an address that is not public, nor permitted."""
    return Failure(Kind.DENIED, "this program may not connect to the address of the host", detail)


class CheckedConnections(NetworkBackend):
    """Opens connections for a pool, to addresses that are permitted."""

    def __init__(self, permits: Callable[[str, Address], bool], timeout: float) -> None:
        """`permits` decides for a host and one of its addresses. `timeout`, in seconds, is for look-up too."""
        self._permits, self._timeout, self._backend = permits, timeout, SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """A connection to the first permitted address of the host that answers. Raises Failure."""
        until = time.monotonic() + min(self._timeout, left())
        failed: Exception = ConnectTimeout(f"{host}:{port}")
        for address in self._permitted(host, until - time.monotonic()):
            if (remaining := until - time.monotonic()) <= 0:
                break
            try:
                return _Bounded(self._backend.connect_tcp(str(address), port, remaining, local_address, socket_options))
            except (ConnectError, ConnectTimeout) as unreachable:
                failed = unreachable
        raise failed

    def _permitted(self, host: str, seconds: float) -> Sequence[Address]:
        address = literal(host)
        found = _looked_up(host, seconds) if address is None else [address]
        permitted = [each for each in found if self._permits(host, each)]
        if not permitted:
            raise forbidden(f"{host}: {', '.join(map(str, found))}")
        return permitted


class _Bounded(NetworkStream):
    """A connection whose reads and writes end with the time of the request that it is used for."""

    def __init__(self, stream: NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], left())

    def close(self) -> None:
        # Closing a socket does not wake a thread that reads from it.
        with suppress(OSError):
            self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, left()))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _looked_up(host: str, seconds: float) -> Sequence[Address]:
    """The addresses of a name. Raises Failure. The system bounds no look-up, so another thread waits for it."""
    answer: SimpleQueue[Callable[[], Sequence[Address]]] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as failed:
            answer.put(lambda failed=failed: _unknown(host, failed))  # type: ignore[misc]
        else:
            answer.put(lambda: list(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found)))

    Thread(target=look_up, daemon=True, name="witkit-look-up").start()
    try:
        return answer.get(timeout=max(seconds, 0))()
    except Empty:
        raise late(f"{host}: its name was not looked up in time") from None


def _unknown(host: str, failed: Exception) -> Sequence[Address]:
    raise Failure(Kind.UNREACHABLE, "the host cannot be found", f"{host}: {failed}")
