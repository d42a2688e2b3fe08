"""`wasi:sockets/udp` and `udp-create-socket`."""

from __future__ import annotations

import selectors
import socket
from enum import Enum, auto
from typing import Final

from witkit.abi.traps import GuestTrap
from witkit.interfaces.wasi.network import ErrorCode, IpAddressFamily, IpSocketAddress
from witkit.interfaces.wasi.udp import IncomingDatagram, OutgoingDatagram

from .addresses import check_local, check_remote, from_system, ip_of, is_same, refused, reported, to_system
from .allowed import Allowed
from .lookup import Network
from .options import Socket
from .poll import Pollable
from .resources import Resource
from .room import Room
from .waits import Waits, is_ready

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_LARGEST: Final = 1 << 16
_PERMIT: Final = 16
"""The datagrams that `check-send` allows, as in wasmtime."""

_AT_ONCE: Final = 16
"""The most datagrams that `receive` returns, so that a guest cannot make this process keep many of them."""


class UdpState(Enum):
    """What a socket is doing."""

    NEW = auto()
    BINDING = auto()
    BOUND = auto()


class UdpSocket(Socket):
    """The resource `udp-socket`. `peer` is the fixed one, if there is any."""

    def __init__(self, waits: Waits, room: Room, allowed: Allowed, family: IpAddressFamily) -> None:
        super().__init__(room, family, socket.SOCK_DGRAM)
        self._waits, self._allowed, self._state = waits, allowed, UdpState.NEW
        self.peer: IpSocketAddress | None = None
        self.streams = 0

    def start_bind(self, network: Network, local_address: IpSocketAddress, /) -> None:
        if self._state is not UdpState.NEW:
            raise refused(
                ErrorCode.CONCURRENCY_CONFLICT if self._state is UdpState.BINDING else ErrorCode.INVALID_STATE
            )
        check_local(local_address, self.family)
        if not self._allowed.may_bind("udp", ip_of(local_address), local_address.value.port):
            raise refused(ErrorCode.ACCESS_DENIED)
        with reported():
            self.socket.bind(to_system(local_address))
        self._state = UdpState.BINDING

    def finish_bind(self) -> None:
        if self._state is not UdpState.BINDING:
            raise refused(ErrorCode.NOT_IN_PROGRESS)
        self._state = UdpState.BOUND

    def stream(
        self, remote_address: IpSocketAddress | None, /
    ) -> tuple[IncomingDatagramStream, OutgoingDatagramStream]:
        """Raises `GuestTrap` if streams from before are still there."""
        if self.streams:
            raise GuestTrap("the streams of a UDP socket have to be dropped before it gives others")
        if self._state is not UdpState.BOUND:
            raise refused(ErrorCode.INVALID_STATE)
        if remote_address is not None:
            self.check_peer(remote_address)
        self.peer = remote_address
        return IncomingDatagramStream(self._waits, self), OutgoingDatagramStream(self._waits, self)

    def check_peer(self, address: IpSocketAddress) -> None:
        """Raise an error for an address that the guest may not send to."""
        check_remote(address, self.family)
        if not self._allowed.may_reach("udp", ip_of(address), address.value.port):
            raise refused(ErrorCode.ACCESS_DENIED)

    def hears(self, address: IpSocketAddress) -> bool:
        """Whether the guest gets what comes from an address."""
        if self.peer is not None:
            return is_same(address, self.peer)
        local = self.local()
        return self._allowed.may_reach("udp-listen", ip_of(local), local.value.port) or self._allowed.may_reach(
            "udp", ip_of(address), address.value.port
        )

    def local_address(self) -> IpSocketAddress:
        if self._state is not UdpState.BOUND:
            raise refused(
                ErrorCode.CONCURRENCY_CONFLICT if self._state is UdpState.BINDING else ErrorCode.INVALID_STATE
            )
        return self.local()

    def remote_address(self) -> IpSocketAddress:
        if self.peer is None:
            raise refused(ErrorCode.INVALID_STATE)
        return self.peer

    def unicast_hop_limit(self) -> int:
        return self.hops()

    def set_unicast_hop_limit(self, value: int, /) -> None:
        self.set_hops(value)

    def subscribe(self) -> Pollable:
        return Pollable(self._waits, self)


class _Datagrams(Resource):
    """A stream of datagrams."""

    def __init__(self, waits: Waits, parent: UdpSocket) -> None:
        super().__init__(parent)
        self._waits, self.udp = waits, parent
        parent.streams += 1

    def release(self) -> None:
        self.udp.streams -= 1


class IncomingDatagramStream(_Datagrams):
    """The resource `incoming-datagram-stream`."""

    def receive(self, max_results: int, /) -> list[IncomingDatagram]:
        found: list[IncomingDatagram] = []
        for _ in range(_AT_ONCE):
            if len(found) >= max_results:
                break
            try:
                data, address = self.udp.socket.recvfrom(_LARGEST)
            except BlockingIOError:
                break
            except OSError:
                if found:
                    break
                with reported():
                    raise
            sender = from_system(address)
            if self.udp.hears(sender):
                found.append(IncomingDatagram(data, sender))
        return found

    def subscribe(self) -> Pollable:
        return _Ready(self._waits, self, selectors.EVENT_READ)


class OutgoingDatagramStream(_Datagrams):
    """The resource `outgoing-datagram-stream`."""

    _permit: int | None = None

    def check_send(self) -> int:
        self._permit = _PERMIT if is_ready(self.udp.socket, selectors.EVENT_WRITE) else 0
        return self._permit

    def send(self, datagrams: list[OutgoingDatagram], /) -> int:
        """Raises `GuestTrap` for more than `check-send` has allowed."""
        if not datagrams:
            return 0
        permit, self._permit = self._permit, None
        if permit is None or len(datagrams) > permit:
            raise GuestTrap(f"{len(datagrams)} datagrams are sent, but `check-send` allowed {permit or 0}")
        for number, each in enumerate(datagrams):
            try:
                self._send(each)
            except Exception:
                if number:
                    return number
                raise
        return len(datagrams)

    def _send(self, datagram: OutgoingDatagram) -> None:
        peer, given = self.udp.peer, datagram.remote_address
        target = given or peer
        if target is None or (peer is not None and not is_same(target, peer)):
            raise refused(ErrorCode.INVALID_ARGUMENT)
        if peer is None:
            self.udp.check_peer(target)
        with reported():
            self.udp.socket.sendto(datagram.data, to_system(target))

    def subscribe(self) -> Pollable:
        return _Ready(self._waits, self, selectors.EVENT_WRITE)


class _Ready(Pollable):
    def __init__(self, waits: Waits, stream: _Datagrams, event: int) -> None:
        super().__init__(waits, stream)
        self._socket, self._event = stream.udp.socket, event
        if event == selectors.EVENT_READ:
            self.reading = self._socket
        else:
            self.writing = self._socket

    def ready(self) -> bool:
        return is_ready(self._socket, self._event)


class Udp:
    """The interface `wasi:sockets/udp`."""

    UdpSocket = UdpSocket
    IncomingDatagramStream = IncomingDatagramStream
    OutgoingDatagramStream = OutgoingDatagramStream


class UdpCreateSocket:
    """The interface `wasi:sockets/udp-create-socket`."""

    def __init__(self, waits: Waits, room: Room, allowed: Allowed) -> None:
        self._waits, self._room, self._allowed = waits, room, allowed

    def create_udp_socket(self, address_family: IpAddressFamily, /) -> UdpSocket:
        if self._allowed.is_nothing:
            raise refused(ErrorCode.ACCESS_DENIED)
        return UdpSocket(self._waits, self._room, self._allowed, address_family)
