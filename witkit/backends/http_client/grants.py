"""What a program may reach: hosts by name or address, and networks that are not public.

`https://api.example.com`, `*.example.com:8443`, `http://10.0.0.0/8:*`, `https://[2001:db8::1]`, `https://*`. Without a
scheme both are meant, and without a port that of the scheme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from witkit.backends.errors import WrongSetting, each_of, wrong_setting

from .addresses import Address, is_public, plain
from .urls import PORTS, Url

FORMS: Final = "https://api.example.com, *.example.com:8443, http://10.0.0.0/8:*, https://[2001:db8::1]"

_ENTRY: Final = re.compile(
    r"(?:(?P<scheme>https?|\*)://)?(?P<host>\[[^\]]*\]|[^:/\[\]@?#]*)(?P<size>/\d+)?(?::(?P<port>\d+|\*))?/?"
)
_NAME: Final = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\*")
_LOCAL: Final = "localhost"


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of `allow`. `host` is a name, `*.` and a name, or `*`; with `network`, it is not looked at.

    `scheme` is None for both, `port` None for that of the scheme, and 0 for any.
    """

    scheme: str | None
    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None

    def covers(self, url: Url) -> bool:
        """Whether the address is one of those that are meant."""
        if self.scheme not in (None, url.scheme):
            return False
        if self.port != 0 and url.port != (self.port or PORTS[url.scheme]):
            return False
        if self.network is not None:
            return url.address is not None and plain(url.address) in self.network
        if self.host.startswith("*."):
            return url.host.endswith(self.host[1:])
        return self.host in ("*", url.host)


@dataclass(frozen=True, slots=True)
class RequestGrants:
    """What may be requested (`allow`), and the networks that names may lead to besides public addresses."""

    allow: Sequence[Grant]
    private: Sequence[IPv4Network | IPv6Network]

    def covers(self, url: Url) -> bool:
        """Whether a request may be sent to this address, as far as its text shows."""
        return any(grant.covers(url) for grant in self.allow)

    def permits(self, host: str, address: Address) -> bool:
        """Whether a connection to this IP address may be opened for a host that `covers` has permitted.

        An address that is not public must be named itself: as an address or network in `allow`, in `private`, or by
        the name `localhost`.
        """
        reached = plain(address)
        if is_public(reached) or any(reached in network for network in self.private):
            return True
        if reached.is_loopback and host == _LOCAL:
            return any(grant.host == _LOCAL for grant in self.allow)
        named = [grant.network for grant in self.allow if grant.network is not None]
        return host == str(address) and any(reached in network for network in named)


def read_allow(texts: Sequence[str]) -> Sequence[Grant]:
    """The grants of the setting `allow`. Raises WrongSettings (WIT0910) with all mistakes."""
    return each_of(_grant, enumerate(texts))


def read_private(texts: Sequence[str]) -> Sequence[IPv4Network | IPv6Network]:
    """The networks of the setting `private`. Raises WrongSettings (WIT0910) with all mistakes."""
    return each_of(_network, enumerate(texts))


def _grant(given: tuple[int, str]) -> Grant:
    number, text = given
    wrong = partial(_wrong, number, text)
    parts = _ENTRY.fullmatch(text.strip().lower())
    if parts is None or not parts["host"]:
        raise wrong()
    host, size = parts["host"].strip("[]"), parts["size"] or ""
    port = {None: None, "*": 0}.get(parts["port"], -1)
    if port == -1 and not 0 < (port := int(parts["port"])) < 1 << 16:
        raise wrong()
    network = _found_network(host + size)
    if network is None and (size or parts["host"].startswith("[") or not _NAME.fullmatch(host)):
        raise wrong()
    return Grant(None if parts["scheme"] == "*" else parts["scheme"], host, network, port)


def _network(given: tuple[int, str]) -> IPv4Network | IPv6Network:
    number, text = given
    found = _found_network(text.strip().strip("[]"))
    if found is None:
        help = "10.0.0.0/8, 127.0.0.1 or fd00::/8; names of hosts belong in `allow`"
        raise wrong_setting(f"`private` has `{text}`, which is not an address or a network", help, f"private.{number}")
    return found


def _found_network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _wrong(number: int, text: str) -> WrongSetting:
    return wrong_setting(f"`allow` has `{text}`, which is not a host that can be requested", FORMS, f"allow.{number}")
