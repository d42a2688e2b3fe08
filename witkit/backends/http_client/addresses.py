"""IP addresses that are public, as opposed to those of this machine and of the networks around it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

_UNICAST: Final = ip_network("2000::/3")
_TEREDO: Final = ip_network("2001::/32")
_NAT64: Final = ip_network("64:ff9b::/96")


def plain(address: Address) -> Address:
    """The address that is reached: for an IPv4 address in the form of IPv6 (`::ffff:127.0.0.1`), the IPv4 address."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Whether everybody on the internet means the same machine with this address.

    It is not for loopback, link-local, private, shared, reserved and multicast addresses, nor for forms of IPv6 that
    lead to such an IPv4 address (mapped, 6to4, NAT64) or hide it (Teredo).
    """
    address = plain(address)
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address.sixtofour is not None:
        return is_public(address.sixtofour)
    return address in _UNICAST and address not in _TEREDO and address.is_global
