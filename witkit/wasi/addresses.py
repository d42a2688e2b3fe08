"""Addresses of `wasi:sockets`, and what operating systems say about sockets."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

from witkit import abi
from witkit.interfaces.wasi.network import (
    ErrorCode,
    IpAddress,
    IpAddress_Ipv4,
    IpAddress_Ipv6,
    IpAddressFamily,
    IpSocketAddress,
    IpSocketAddress_Ipv4,
    IpSocketAddress_Ipv6,
    Ipv4SocketAddress,
    Ipv6SocketAddress,
)

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

Ip = IPv4Address | IPv6Address
_FAMILIES: Final = {IpAddressFamily.IPV4: socket.AF_INET, IpAddressFamily.IPV6: socket.AF_INET6}
_CODES: Final = {
    "EACCES": ErrorCode.ACCESS_DENIED,
    "EPERM": ErrorCode.ACCESS_DENIED,
    "EADDRINUSE": ErrorCode.ADDRESS_IN_USE,
    "EADDRNOTAVAIL": ErrorCode.ADDRESS_NOT_BINDABLE,
    "EAFNOSUPPORT": ErrorCode.NOT_SUPPORTED,
    "EAGAIN": ErrorCode.WOULD_BLOCK,
    "ECONNABORTED": ErrorCode.CONNECTION_ABORTED,
    "ECONNREFUSED": ErrorCode.CONNECTION_REFUSED,
    "ECONNRESET": ErrorCode.CONNECTION_RESET,
    "EHOSTDOWN": ErrorCode.REMOTE_UNREACHABLE,
    "EHOSTUNREACH": ErrorCode.REMOTE_UNREACHABLE,
    "EINVAL": ErrorCode.INVALID_ARGUMENT,
    "EMFILE": ErrorCode.NEW_SOCKET_LIMIT,
    "EMSGSIZE": ErrorCode.DATAGRAM_TOO_LARGE,
    "ENETDOWN": ErrorCode.REMOTE_UNREACHABLE,
    "ENETUNREACH": ErrorCode.REMOTE_UNREACHABLE,
    "ENFILE": ErrorCode.NEW_SOCKET_LIMIT,
    "ENOBUFS": ErrorCode.OUT_OF_MEMORY,
    "ENOMEM": ErrorCode.OUT_OF_MEMORY,
    "ENOPROTOOPT": ErrorCode.NOT_SUPPORTED,
    "EOPNOTSUPP": ErrorCode.NOT_SUPPORTED,
    "ETIMEDOUT": ErrorCode.TIMEOUT,
}
_BY_NUMBER: Final = {getattr(errno, name): code for name, code in _CODES.items() if hasattr(errno, name)}


def refused(code: ErrorCode) -> abi.Err[Any]:
    """The error that a function raises."""
    return abi.Err(code)


def code_of(failure: OSError) -> ErrorCode:
    """The code for what the system says."""
    if isinstance(failure, BlockingIOError):
        return ErrorCode.WOULD_BLOCK
    return _BY_NUMBER.get(failure.errno or 0, ErrorCode.UNKNOWN)


@contextmanager
def reported() -> Iterator[None]:
    """Raise what the system says as an error of the interface, during a `with` statement."""
    try:
        yield
    except OSError as failure:
        raise refused(code_of(failure)) from failure


def family_of(family: IpAddressFamily) -> socket.AddressFamily:
    """The number of a family in the system."""
    return _FAMILIES[family]


def ip_of(address: IpSocketAddress) -> Ip:
    """The address without its port."""
    parts = address.value.address
    if isinstance(address, IpSocketAddress_Ipv4):
        return IPv4Address(bytes(parts))
    return IPv6Address(b"".join(part.to_bytes(2, "big") for part in parts))


def is_same(one: IpSocketAddress, other: IpSocketAddress) -> bool:
    """Whether two addresses are the same, with their ports. The system fills in flow and scope."""
    return (ip_of(one), one.value.port) == (ip_of(other), other.value.port)


def to_system(address: IpSocketAddress) -> tuple[Any, ...]:
    """An address as Python's sockets take it."""
    value = address.value
    if isinstance(value, Ipv6SocketAddress):
        return str(ip_of(address)), value.port, value.flow_info, value.scope_id
    return str(ip_of(address)), value.port


def from_system(address: tuple[Any, ...]) -> IpSocketAddress:
    """An address that Python's sockets have given."""
    found = from_ip(_plain(address[0]))
    if isinstance(found, IpAddress_Ipv4):
        return IpSocketAddress_Ipv4(Ipv4SocketAddress(address[1], found.value))
    return IpSocketAddress_Ipv6(Ipv6SocketAddress(address[1], address[2], found.value, address[3]))


def from_ip(address: Ip) -> IpAddress:
    """An address without a port."""
    packed = address.packed
    if isinstance(address, IPv4Address):
        return IpAddress_Ipv4(tuple(packed))  # type: ignore[arg-type]
    parts = tuple(int.from_bytes(packed[place : place + 2], "big") for place in range(0, 16, 2))
    return IpAddress_Ipv6(parts)  # type: ignore[arg-type]


def check_local(address: IpSocketAddress, family: IpAddressFamily) -> None:
    """Raise `invalid-argument` for what no socket of this family can be bound to."""
    ip = ip_of(address)
    is_same = isinstance(ip, IPv4Address) == (family is IpAddressFamily.IPV4)
    is_broadcast = ip == IPv4Address("255.255.255.255")
    # A socket for version 6 of the protocol is for nothing else.
    is_version_4 = isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None
    is_flow = not isinstance(address.value, Ipv6SocketAddress) or address.value.flow_info < 1 << 20
    if not is_same or ip.is_multicast or is_broadcast or is_version_4 or not is_flow:
        raise refused(ErrorCode.INVALID_ARGUMENT)


def check_remote(address: IpSocketAddress, family: IpAddressFamily) -> None:
    """Raise `invalid-argument` for what cannot be a peer of a socket of this family."""
    check_local(address, family)
    if ip_of(address).is_unspecified or address.value.port == 0:
        raise refused(ErrorCode.INVALID_ARGUMENT)


def _plain(text: str) -> Ip:
    """An address as the system writes it, which may have the name of an interface after it."""
    text = text.partition("%")[0]
    return IPv6Address(text) if ":" in text else IPv4Address(text)
