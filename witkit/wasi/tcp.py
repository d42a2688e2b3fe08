"""`wasi:sockets/tcp` and `tcp-create-socket`."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import sys
from enum import Enum, auto
from typing import Final

from witkit.interfaces.wasi.network import ErrorCode, IpAddressFamily, IpSocketAddress
from witkit.interfaces.wasi.tcp import ShutdownType

from .addresses import check_local, check_remote, from_system, ip_of, refused, reported, to_system
from .allowed import Allowed
from .connections import PeerSink, PeerSource
from .lookup import Network
from .options import Socket, full
from .poll import Pollable
from .room import Room
from .streams import PERMIT, InputStream, OutputStream
from .waits import FileDescriptorLike, Waits, is_ready

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_SECOND: Final = 1_000_000_000
_IDLE: Final[int] = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", 0x10))
_BACKLOG: Final = 128
_PROCEEDS: Final = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY})


class TcpState(Enum):
    """What a socket is doing."""

    NEW = auto()
    BINDING = auto()
    BOUND = auto()
    STARTING = auto()
    LISTENING = auto()
    CONNECTING = auto()
    CONNECTED = auto()
    FAILED = auto()


class TcpSocket(Socket):
    """The resource `tcp-socket`."""

    def __init__(
        self, waits: Waits, room: Room, allowed: Allowed, family: IpAddressFamily,
        connection: socket.socket | None = None,
    ) -> None:  # fmt: skip
        super().__init__(room, family, socket.SOCK_STREAM, connection)
        self._waits, self._allowed = waits, allowed
        self.state = TcpState.NEW if connection is None else TcpState.CONNECTED
        self._backlog = _BACKLOG
        self._received, self._sent = PeerSource(self.socket), PeerSink(self.socket, room)

    def start_bind(self, network: Network, local_address: IpSocketAddress, /) -> None:
        self._check(TcpState.NEW)
        check_local(local_address, self.family)
        if not self._allowed.may_bind("tcp", ip_of(local_address), local_address.value.port):
            raise refused(ErrorCode.ACCESS_DENIED)
        with reported():
            if sys.platform != "win32":
                # A port that was just in use can be used again, as on Windows without this.
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind(to_system(local_address))
        self.state = TcpState.BINDING

    def finish_bind(self) -> None:
        self._finish(TcpState.BINDING, TcpState.BOUND)

    def start_connect(self, network: Network, remote_address: IpSocketAddress, /) -> None:
        self._check(TcpState.NEW, TcpState.BOUND)
        check_remote(remote_address, self.family)
        if not self._allowed.may_reach("tcp", ip_of(remote_address), remote_address.value.port):
            raise refused(ErrorCode.ACCESS_DENIED)
        number = self.socket.connect_ex(to_system(remote_address))
        self.state = TcpState.CONNECTING
        # Most failures are seen later. `finish-connect` reports this one, too.
        self._failure = 0 if number in _PROCEEDS else number

    def finish_connect(self) -> tuple[InputStream, OutputStream]:
        if self.state is not TcpState.CONNECTING:
            raise refused(ErrorCode.NOT_IN_PROGRESS)
        if not self._failure and not is_ready(self.socket, selectors.EVENT_WRITE):
            raise refused(ErrorCode.WOULD_BLOCK)
        number = self._failure or self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self.state = TcpState.FAILED if number else TcpState.CONNECTED
        with reported():
            if number:
                raise OSError(number, os.strerror(number))
        return self.streams()

    def streams(self) -> tuple[InputStream, OutputStream]:
        """The streams of a connection."""
        return InputStream(self._waits, self._received, self), OutputStream(self._waits, self._sent, PERMIT, self)

    def start_listen(self) -> None:
        self._check(TcpState.BOUND)
        local = self.local()
        if not self._allowed.may_reach("tcp-listen", ip_of(local), local.value.port):
            raise refused(ErrorCode.ACCESS_DENIED)
        with reported():
            self.socket.listen(self._backlog)
        self.state = TcpState.STARTING

    def finish_listen(self) -> None:
        self._finish(TcpState.STARTING, TcpState.LISTENING)

    def accept(self) -> tuple[TcpSocket, InputStream, OutputStream]:
        if self.state is not TcpState.LISTENING:
            raise refused(ErrorCode.INVALID_STATE)
        with self.room.taken(full), reported():
            connection, _ = self.socket.accept()
        made = TcpSocket(self._waits, self.room, self._allowed, self.family, connection)
        return made, *made.streams()

    def local_address(self) -> IpSocketAddress:
        if self.state is TcpState.BINDING:
            raise refused(ErrorCode.CONCURRENCY_CONFLICT)
        if self.state in (TcpState.NEW, TcpState.FAILED):
            raise refused(ErrorCode.INVALID_STATE)
        return self.local()

    def remote_address(self) -> IpSocketAddress:
        if self.state is TcpState.CONNECTING:
            raise refused(ErrorCode.CONCURRENCY_CONFLICT)
        if self.state is not TcpState.CONNECTED:
            raise refused(ErrorCode.INVALID_STATE)
        with reported():
            return from_system(self.socket.getpeername())

    def is_listening(self) -> bool:
        return self.state is TcpState.LISTENING

    def set_listen_backlog_size(self, value: int, /) -> None:
        if value == 0:
            raise refused(ErrorCode.INVALID_ARGUMENT)
        if self.state in (TcpState.CONNECTING, TcpState.CONNECTED, TcpState.FAILED):
            raise refused(ErrorCode.INVALID_STATE)
        self._backlog = min(value, (1 << 31) - 1)
        if self.state in (TcpState.STARTING, TcpState.LISTENING):
            with reported():
                self.socket.listen(self._backlog)

    def keep_alive_enabled(self) -> bool:
        return bool(self.option(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    def set_keep_alive_enabled(self, value: bool, /) -> None:
        with reported():
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, int(value))

    def keep_alive_idle_time(self) -> int:
        return self.option(socket.IPPROTO_TCP, _IDLE) * _SECOND

    def set_keep_alive_idle_time(self, value: int, /) -> None:
        self.set_option(socket.IPPROTO_TCP, _IDLE, _seconds(value), (1 << 15) - 1)

    def keep_alive_interval(self) -> int:
        return self.option(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) * _SECOND

    def set_keep_alive_interval(self, value: int, /) -> None:
        self.set_option(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _seconds(value), (1 << 15) - 1)

    def keep_alive_count(self) -> int:
        return self.option(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)

    def set_keep_alive_count(self, value: int, /) -> None:
        self.set_option(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, value, 127)

    def hop_limit(self) -> int:
        return self.hops()

    def set_hop_limit(self, value: int, /) -> None:
        self.set_hops(value)

    def subscribe(self) -> Pollable:
        return _TcpReady(self._waits, self)

    def shutdown(self, shutdown_type: ShutdownType, /) -> None:
        if self.state is not TcpState.CONNECTED:
            raise refused(ErrorCode.INVALID_STATE)
        if shutdown_type is not ShutdownType.SEND:
            self._received.shut()
        if shutdown_type is not ShutdownType.RECEIVE:
            self._sent.shut()

    def pending(self) -> tuple[FileDescriptorLike | None, FileDescriptorLike | None]:
        """What the operation that was started waits for: to read, and to write."""
        if self.state is TcpState.LISTENING:
            return self.socket, None
        if self.state is TcpState.CONNECTING and not self._failure:
            return None, self.socket
        return None, None

    def _check(self, *states: TcpState) -> None:
        """Raise an error if the socket is in none of these states."""
        if self.state in (TcpState.BINDING, TcpState.STARTING, TcpState.CONNECTING):
            raise refused(ErrorCode.CONCURRENCY_CONFLICT)
        if self.state not in states:
            raise refused(ErrorCode.INVALID_STATE)

    def _finish(self, before: TcpState, after: TcpState) -> None:
        if self.state is not before:
            raise refused(ErrorCode.NOT_IN_PROGRESS)
        self.state = after


class _TcpReady(Pollable):
    def __init__(self, waits: Waits, socket: TcpSocket) -> None:
        super().__init__(waits, socket)
        self._socket = socket

    def ready(self) -> bool:
        self.reading, self.writing = self._socket.pending()
        if self.reading is not None:
            return is_ready(self.reading, selectors.EVENT_READ)
        return self.writing is None or is_ready(self.writing, selectors.EVENT_WRITE)


class Tcp:
    """The interface `wasi:sockets/tcp`."""

    TcpSocket = TcpSocket


class TcpCreateSocket:
    """The interface `wasi:sockets/tcp-create-socket`."""

    def __init__(self, waits: Waits, room: Room, allowed: Allowed) -> None:
        self._waits, self._room, self._allowed = waits, room, allowed

    def create_tcp_socket(self, address_family: IpAddressFamily, /) -> TcpSocket:
        if self._allowed.is_nothing:
            raise refused(ErrorCode.ACCESS_DENIED)
        return TcpSocket(self._waits, self._room, self._allowed, address_family)


def _seconds(duration: int) -> int:
    """Whole seconds, at least one for what is not zero."""
    return -(-duration // _SECOND)
