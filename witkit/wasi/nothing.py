"""`wasi:filesystem` and `wasi:sockets` without any folder or network.

There are never any descriptors or sockets, so their methods are not needed.
"""

from __future__ import annotations

from typing import Any, NoReturn

from witkit import abi
from witkit.interfaces.wasi.network import ErrorCode


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
        """Always None: there are no errors from files."""
        return


class Networks:
    """The interface `wasi:sockets/network`."""

    Network = Network

    def network_error_code(self, err: Any) -> None:
        """Always None: there are no errors from the network."""
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
