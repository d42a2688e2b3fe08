"""`wasi:filesystem` and `wasi:sockets` where no folder and no network is granted, as `witkit run` grants none.

No descriptor and no socket ever exists, so their methods cannot be called.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, NoReturn

from witkit import abi


class ErrorCode(Enum):
    """Those of `wasi:sockets/network` that are given; an enum crosses by the names of its members."""

    ACCESS_DENIED = auto()
    PERMANENT_RESOLVER_FAILURE = auto()


class Descriptor:
    """The resource `descriptor`."""


class DirectoryEntryStream:
    """The resource `directory-entry-stream`."""


class Network:
    """The resource `network`."""


class ResolveAddressStream:
    """The resource `resolve-address-stream`."""


class TcpSocket:
    """The resource `tcp-socket`."""


class UdpSocket:
    """The resource `udp-socket`."""


class IncomingDatagramStream:
    """The resource `incoming-datagram-stream`."""


class OutgoingDatagramStream:
    """The resource `outgoing-datagram-stream`."""


class Preopens:
    """The interface `wasi:filesystem/preopens`."""

    def get_directories(self) -> list[tuple[Descriptor, str]]:
        return []


class Files:
    """The interface `wasi:filesystem/types`."""

    Descriptor = Descriptor
    DirectoryEntryStream = DirectoryEntryStream

    def filesystem_error_code(self, err: Any) -> None:
        """None: no error comes from a file."""
        return


class Networks:
    """The interface `wasi:sockets/network`."""

    Network = Network

    def network_error_code(self, err: Any) -> None:
        """None: no error comes from the network."""
        return


class InstanceNetwork:
    """The interface `wasi:sockets/instance-network`."""

    def instance_network(self) -> Network:
        return Network()


class IpNameLookup:
    """The interface `wasi:sockets/ip-name-lookup`."""

    ResolveAddressStream = ResolveAddressStream

    def resolve_addresses(self, network: Network, name: str) -> NoReturn:
        raise abi.Err(ErrorCode.PERMANENT_RESOLVER_FAILURE)


class Tcp:
    """The interface `wasi:sockets/tcp`."""

    TcpSocket = TcpSocket


class TcpCreateSocket:
    """The interface `wasi:sockets/tcp-create-socket`."""

    def create_tcp_socket(self, address_family: Any) -> NoReturn:
        raise abi.Err(ErrorCode.ACCESS_DENIED)


class Udp:
    """The interface `wasi:sockets/udp`."""

    UdpSocket = UdpSocket
    IncomingDatagramStream = IncomingDatagramStream
    OutgoingDatagramStream = OutgoingDatagramStream


class UdpCreateSocket:
    """The interface `wasi:sockets/udp-create-socket`."""

    def create_udp_socket(self, address_family: Any) -> NoReturn:
        raise abi.Err(ErrorCode.ACCESS_DENIED)
