"""Options that TCP and UDP sockets share."""

from __future__ import annotations

import socket
import sys
from typing import Any, Final

from witkit import abi
from witkit.interfaces.wasi.network import ErrorCode, IpAddressFamily, IpSocketAddress

from .addresses import family_of, from_system, refused, reported
from .resources import Resource
from .room import Room

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_MOST: Final = (1 << 31) - 1
_DOUBLED: Final = 2 if sys.platform == "linux" else 1
"""Linux adds as much again for itself."""


class Socket(Resource):
    """A socket that never waits. It takes a place in the guest's room, which a `made` one has already.

    Raises the interface's error if the system has no more sockets, or the guest as many as it may have.
    """

    def __init__(
        self, room: Room, family: IpAddressFamily, kind: socket.SocketKind, made: socket.socket | None = None
    ) -> None:
        super().__init__()
        self.family, self.room = family, room
        self.socket = made or _new(room, family, kind)
        self.socket.setblocking(False)
        if made is None and family is IpAddressFamily.IPV6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)

    def release(self) -> None:
        self.socket.close()
        self.room.give()

    def address_family(self) -> IpAddressFamily:
        return self.family

    def receive_buffer_size(self) -> int:
        return self.option(socket.SOL_SOCKET, socket.SO_RCVBUF) // _DOUBLED

    def set_receive_buffer_size(self, value: int, /) -> None:
        self.set_option(socket.SOL_SOCKET, socket.SO_RCVBUF, value, _MOST)

    def send_buffer_size(self) -> int:
        return self.option(socket.SOL_SOCKET, socket.SO_SNDBUF) // _DOUBLED

    def set_send_buffer_size(self, value: int, /) -> None:
        self.set_option(socket.SOL_SOCKET, socket.SO_SNDBUF, value, _MOST)

    def hops(self) -> int:
        return self.option(*self._hops)

    def set_hops(self, value: int) -> None:
        self.set_option(*self._hops, value, 255)

    def local(self) -> IpSocketAddress:
        """The address of the socket on this machine."""
        with reported():
            return from_system(self.socket.getsockname())

    def option(self, level: int, name: int) -> int:
        """The value of an option."""
        with reported():
            return self.socket.getsockopt(level, name)

    def set_option(self, level: int, name: int, value: int, most: int) -> None:
        """Set an option, to `most` if more is asked for. Raises `invalid-argument` for 0."""
        if value == 0:
            raise refused(ErrorCode.INVALID_ARGUMENT)
        with reported():
            self.socket.setsockopt(level, name, min(value, most))

    @property
    def _hops(self) -> tuple[int, int]:
        if self.family is IpAddressFamily.IPV4:
            return socket.IPPROTO_IP, socket.IP_TTL
        return socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS


def full() -> abi.Err[Any]:
    """The error for one socket too many."""
    return refused(ErrorCode.NEW_SOCKET_LIMIT)


def _new(room: Room, family: IpAddressFamily, kind: socket.SocketKind) -> socket.socket:
    with room.taken(full), reported():
        return socket.socket(family_of(family), kind)
